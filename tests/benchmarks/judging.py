"""Measure judging and rendering: a made-up organization of any size, every rule, seconds.

python tests/benchmarks/judging.py --repositories 10000 --packages 20000 --files 50000
python tests/benchmarks/judging.py --repositories 2000 --packages 5000 --evidence 100000 --threads 2
"""

import argparse
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from collector import sqlfiles
from reports.catalog import load_rules
from reports.evaluation import shared_views
from reports.verdicts import judge
from reports.write import write_report

# The proportions of the made-up organization: one repository in twelve is public, and so on.
_MAKE = """
insert into run (run_id, org, status, api_url, web_url, edition, started_at, ended_at, tool_version)
values ('run-1', 'acme', 'published', 'https://api.github.com', 'https://github.com', 'ghec',
        '2026-11-23 02:00:00', '2026-11-23 03:00:00', 'benchmark');

insert into coverage (org, family, subject, status, observed_at, valid_from_run)
select 'acme', family, subject, 'complete', timestamp '2026-11-23 02:30:00', 'run-1'
from (
    values ('repositories', ''), ('org_secrets', ''), ('org_actions_permissions', '')
    union all
    select 'packages', concat(kind, '/', visibility)
    from unnest(['container', 'npm', 'nuget', 'rubygems', 'maven', 'docker']) as kinds (kind),
        unnest(['public', 'internal', 'private']) as visibilities (visibility)
    union all
    select unnest(['workflow_trees', 'links', 'repo_secrets', 'repo_environments', 'repo_fork_private']), i::varchar
    from range(1, $repositories + 1) as numbers (i)
    union all
    select 'package_details', i::varchar from range(1, $packages + 1) as numbers (i) where i % 3 = 0
) as subjects (family, subject);

insert into repository (org, repository_id, full_name, name, visibility, fork, archived, default_branch, forks_count,
                        coverage_family, coverage_subject, observed_at, valid_from_run)
select 'acme', i, concat('acme/repository-', i), concat('repository-', i),
    case when i % 12 = 0 then 'public' when i % 7 = 0 then 'internal' else 'private' end,
    false, i % 40 = 0, 'main', i % 9, 'repositories', '', timestamp '2026-11-23 02:30:00', 'run-1'
from range(1, $repositories + 1) as numbers (i);

insert into package (org, package_id, package_type, name, visibility, listed_repository, repository_id,
                     repository_full_name, created_at, updated_at, coverage_family, coverage_subject, observed_at,
                     valid_from_run)
select 'acme', i, kind, concat('package-', i), visibility,
    case when i % 3 = 0 then 'absent' else 'present' end,
    case when i % 3 = 0 then null else 1 + i % $repositories end,
    case when i % 3 = 0 then null else concat('acme/repository-', 1 + i % $repositories) end,
    timestamp '2024-01-01', timestamp '2026-01-01', 'packages', concat(kind, '/', visibility),
    timestamp '2026-11-23 02:30:00', 'run-1'
from (
    select i, ['container', 'container', 'container', 'npm', 'maven', 'nuget'][1 + i % 6] as kind,
        case when i % 10 < 6 then 'private' when i % 10 < 8 then 'internal' else 'public' end as visibility
    from range(1, $packages + 1) as numbers (i)
);

insert into package_connection (org, package_id, repository_id, repository_full_name, coverage_family,
                                coverage_subject, observed_at, valid_from_run)
select 'acme', i, case when i % 2 = 0 then 1 + i % $repositories end,
    case when i % 2 = 0 then concat('acme/repository-', 1 + i % $repositories) end,
    'package_details', i::varchar, timestamp '2026-11-23 02:30:00', 'run-1'
from range(3, $packages + 1, 3) as numbers (i);

insert into workflow_file (org, repository_id, path, kind, blob_sha, size, status, coverage_family,
                           coverage_subject, observed_at, valid_from_run)
select 'acme', 1 + i % $repositories, concat('.github/workflows/w', i, '.yml'), 'workflow', sha1(concat('w', i % ($files // 2 + 1))),
    2000, 'read', 'workflow_trees', (1 + i % $repositories)::varchar, timestamp '2026-11-23 02:30:00', 'run-1'
from range(1, $files + 1) as numbers (i);

-- One text in ten may publish.
insert into blob_facts (blob_sha, kind, parser_version, status, facts)
select distinct blob_sha, 'workflow', 1, 'parsed',
    case
        when hash(blob_sha) % 10 = 0 then replace($facts, '"packages": "read"', '"packages": "write"')::json
        else $facts::json
    end
from workflow_file;

insert into registry_login (org, repository_id, path, job, form, registry, credential, credential_name, ordinal, host,
                            expression, line, operation, fallback, hops, coverage_family, coverage_subject,
                            observed_at, valid_from_run)
select 'acme', 1 + i % $repositories, concat('.github/workflows/w', i, '.yml'), 'build', 'docker_login', 'container',
    ['pat', 'github_token', 'pat', 'unknown', 'literal'][1 + i % 5], concat('SECRET_', i % 100), 0, 'ghcr.io',
    concat('${{ secrets.SECRET_', i % 100, ' }}'), 12, ['push', 'pull'][1 + i % 2], i % 11 = 0, '[]', 'links',
    (1 + i % $repositories)::varchar, timestamp '2026-11-23 02:30:00', 'run-1'
from range(1, $files + 1, 3) as numbers (i);

insert into package_reference (org, repository_id, path, job, kind, registry, host, namespace, name, operation, ordinal,
                               line, resolved, coverage_family, coverage_subject, observed_at, valid_from_run)
select 'acme', 1 + (i * 7) % $repositories, concat('.github/workflows/r', i, '.yml'), 'build', 'container_image', 'container', 'ghcr.io',
    'acme', concat('package-', 1 + i % $packages), ['pull', 'push'][1 + i % 2], i // 50000, 14, true, 'links',
    (1 + (i * 7) % $repositories)::varchar, timestamp '2026-11-23 02:30:00', 'run-1'
from range(1, $evidence + 1) as numbers (i);

insert into secret (org, store, scope, repository_id, environment, name, visibility, coverage_family, coverage_subject,
                    observed_at, valid_from_run)
select 'acme', 'actions', 'organization', 0, '', concat('SECRET_', i), ['all', 'private', 'selected'][1 + i % 3],
    'org_secrets', '', timestamp '2026-11-23 02:30:00', 'run-1'
from range(0, 60) as numbers (i);

insert into declared_grant
select 'acme', 'container', concat('package-', i), concat('acme/repository-', 1 + i % $repositories), 'read', i % 2 = 0,
    null, 'octocat', date '2026-11-01', date '2027-05-01', timestamp '2026-11-01', 'grants.csv:1'
from range(1, $packages + 1, 10) as numbers (i);
"""

# What a workflow of ordinary size says: three jobs, two dozen steps.
_FACTS = json.dumps(
    {
        "triggers": [
            {"name": name, "line": 2, "types": [], "branches": []}
            for name in ("push", "workflow_run")
        ],
        "permissions": None,
        "jobs": [
            {
                "id": job,
                "line": 10,
                "name": "",
                "uses": "",
                "needs": [],
                "runs_on": "ubuntu-latest",
                "environment": "",
                "condition": None,
                "permissions": {
                    "line": 12,
                    "all": "",
                    "scopes": {"contents": "read", "packages": "read"},
                },
                "rows": [{}],
                "outputs": {},
            }
            for job in ("build", "test", "publish")
        ],
        "uses": [
            {
                "job": job,
                "step": step,
                "text": f"actions/step-{step}@v4",
                "line": 14 + step,
                "kind": "action",
                "pin": "ref",
            }
            for job in ("build", "test", "publish")
            for step in range(8)
        ],
        "calls": [],
        "secrets": [
            {"name": name, "line": 40, "job": "build"} for name in ("SECRET_1", "GITHUB_TOKEN")
        ],
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the made-up organization is."""

    repositories: int
    packages: int
    files: int
    evidence: int


def make(size: Size, *, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Return an inventory in memory with a made-up organization of this size, published and not judged."""
    con = duckdb.connect(":memory:", config={"threads": threads})
    for migration in sqlfiles.migrations():
        con.execute(migration.text)
    for view in sqlfiles.views():
        con.execute(view.text)
    text = _MAKE.replace("$facts", f"'{_FACTS}'")
    for name in ("repositories", "packages", "files", "evidence"):
        text = text.replace(f"${name}", str(getattr(size, name)))
    con.execute(text)
    return con


def timed_rules(con: duckdb.DuckDBPyConnection) -> list[tuple[str, float]]:
    """Return what each rule takes, and first what they share."""
    seconds = []
    started = time.perf_counter()
    with shared_views(con, org="acme"):
        seconds.append(("shared views", time.perf_counter() - started))
        for rule in load_rules():
            started = time.perf_counter()
            con.execute(f"create or replace temp table one as {rule.sql}")
            seconds.append((rule.id, time.perf_counter() - started))
    return seconds


def main() -> None:
    """Print the seconds of one judgement and of its parts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repositories", type=int, default=10_000)
    parser.add_argument("--packages", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--evidence", type=int, default=30_000)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    size = Size(
        repositories=options.repositories,
        packages=options.packages,
        files=options.files,
        evidence=options.evidence,
    )
    con = make(size, threads=options.threads)
    for what, seconds in timed_rules(con):
        print(f"{what:<14} {seconds:6.2f} s")
    for _ in range(2):
        started = time.perf_counter()
        summary = judge(con, org="acme", run_id="run-1", rules=load_rules())
        population = sum(counts.population for counts in summary.rules.values())
        print(f"judge {population:,} verdicts: {time.perf_counter() - started:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        started, used = time.perf_counter(), time.process_time()
        write_report(con, org="acme", out=Path(folder), rules=load_rules())
        bytes_written = sum(path.stat().st_size for path in Path(folder).iterdir())
        print(
            f"report of {bytes_written / 1e6:,.0f} MB: {time.perf_counter() - started:.2f} s,"
            f" {time.process_time() - used:.2f} s of CPU"
        )


if __name__ == "__main__":
    main()
