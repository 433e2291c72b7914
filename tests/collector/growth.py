"""How large the store grows over a year of nights.

`python -m tests.collector.growth --repositories 10000 --nights 400` takes some ten minutes; the test
beside it runs a small one. Every night 2 % of the repositories are pushed to, a fifth of those
touch a workflow, and a twentieth of all have their settings read again.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from collector.linking import Linked
from collector.publish import publish
from collector.run import Run
from collector.stage import Stage
from collector.stage_batch import Batch
from collector.stage_files import create_stage
from tests.collector.nights import night, run_of

FILES_A_REPOSITORY = 5
SETTINGS = (
    "repo_actions_permissions",
    "repo_workflow_permissions",
    "repo_fork_approval",
    "repo_secrets",
    "repo_variables",
    "repo_environments",
)


@dataclass(frozen=True, slots=True)
class Measure:
    """The store after a night."""

    night: int
    megabytes: float
    publish_seconds: float


@dataclass
class Organization:
    """A made-up organization that is worked on."""

    size: int
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    edits: dict[tuple[int, int], int] = field(default_factory=dict)
    pushed: dict[int, datetime] = field(default_factory=dict)

    def work(self, number: int) -> tuple[list[int], list[tuple[int, int]]]:
        """Push and edit; return the repositories pushed to and the files that are new."""
        if number == 0:
            every = list(range(self.size))
            self.pushed = dict.fromkeys(every, night(0))
            return every, [(r, k) for r in every for k in range(FILES_A_REPOSITORY)]
        moved = self.chance.sample(range(self.size), max(1, self.size // 50))
        files = [
            (repository, file)
            for repository in moved
            for file in range(FILES_A_REPOSITORY)
            if self.chance.random() < 1 / (5 * FILES_A_REPOSITORY)
        ]
        for repository in moved:
            self.pushed[repository] = night(number)
        for edited in files:
            self.edits[edited] = self.edits.get(edited, 0) + 1
        return moved, files

    def blob_sha(self, repository: int, file: int) -> str:
        """Two files of three are a repository pair's own, the third is the same everywhere."""
        shared = file % 3 == 0 and (repository, file) not in self.edits
        return _hex(0 if shared else repository // 2, file, self.edits.get((repository, file), 0))


def grow(db: Path, *, repositories: int, nights: int) -> Iterator[Measure]:
    """Publish night after night."""
    organization = Organization(repositories)
    for number in range(nights):
        moved, files = organization.work(number)
        stage = create_stage(db, run_of(number))
        with stage:
            _lists(stage, organization, number)
            _trees(stage, organization, set(moved), number)
            _texts(stage, organization, files)
            _settings(stage, organization, number)
            stage.finish(ended_at=night(number) + timedelta(minutes=30))
        started = time.perf_counter()
        publish(db, stage.path, link=_linker(organization, set(moved)))
        seconds = time.perf_counter() - started
        yield Measure(number, db.stat().st_size / 1e6, seconds)


def _lists(stage: Stage, organization: Organization, number: int) -> None:
    size = organization.size
    with stage.batch() as batch:
        rows: list[dict[str, Any]] = [
            {
                "repository_id": repository,
                "full_name": f"acme/service-{repository}",
                "name": f"service-{repository}",
                "visibility": "private",
                "fork": False,
                "default_branch": "main",
                "html_url": f"https://github.com/acme/service-{repository}",
                "pushed_at": organization.pushed[repository],
                "size": organization.chance.randrange(10**6),
            }
            for repository in range(size)
        ]
        batch.put("repository", rows, family="repositories", observed_at=night(number))
        batch.record_coverage("repositories", status="complete", observed_at=night(number))
        rows = [
            {
                "package_id": package,
                "package_type": "container",
                "name": f"team/package-{package}",
                "visibility": "private",
                "listed_repository": "present",
                "repository_id": package % size,
                "repository_full_name": f"acme/service-{package % size}",
                "updated_at": night(number) - timedelta(days=package % 30),
                "version_count": number + package % 7,
            }
            for package in range(size * 2)
        ]
        sweep = "container/private"
        batch.put("package", rows, family="packages", subject=sweep, observed_at=night(number))
        batch.record_coverage("packages", sweep, status="complete", observed_at=night(number))
        for request in range(size // 10 if number == 0 else size // 45):
            _request(batch, f"/orgs/acme/repos?page={request}", number)


def _trees(stage: Stage, organization: Organization, moved: set[int], number: int) -> None:
    with stage.batch() as batch:
        for repository in range(organization.size):
            subject = str(repository)
            if repository not in moved:
                batch.record_coverage(
                    "workflow_trees", subject, status="unchanged", observed_at=night(number)
                )
                continue
            shas = [organization.blob_sha(repository, k) for k in range(FILES_A_REPOSITORY)]
            tree = {
                "repository_id": repository,
                "default_branch": "main",
                "github_tree_oid": _hex(*shas),
                "root_tree_oid": _hex(repository, number),
                "pushed_at": night(number),
            }
            files = [
                {
                    "repository_id": repository,
                    "path": f".github/workflows/w{file}.yml",
                    "kind": "workflow",
                    "blob_sha": sha,
                    "mode": "100644",
                    "size": 2000,
                    "status": "read",
                }
                for file, sha in enumerate(shas)
            ]
            batch.put("repository_tree", [tree], family="workflow_trees", subject=subject)
            batch.put("workflow_file", files, family="workflow_trees", subject=subject)
            batch.record_coverage(
                "workflow_trees", subject, status="complete", observed_at=night(number)
            )


def _texts(stage: Stage, organization: Organization, files: list[tuple[int, int]]) -> None:
    with stage.batch() as batch:
        for repository, file in files:
            sha = organization.blob_sha(repository, file)
            if sha in batch.blobs:
                continue
            text = _workflow(sha)
            batch.put_blob(sha, text.encode())
            steps = [{"line": i, "run": line} for i, line in enumerate(text.splitlines())]
            batch.put_facts(
                sha, kind="workflow", parser_version=1, facts={"jobs": [{"steps": steps}]}
            )


def _settings(stage: Stage, organization: Organization, number: int) -> None:
    with stage.batch() as batch:
        for repository in range(number % 20, organization.size, 20):
            for family in SETTINGS:
                batch.record_coverage(
                    family,
                    str(repository),
                    status="complete",
                    observed_at=night(number),
                    credential="pat",
                    request_id=_hex(number, repository, family)[:24],
                )
                _request(batch, f"/repos/acme/service-{repository}/{family}", number)


def _linker(organization: Organization, moved: set[int]) -> Any:
    def link(_con: duckdb.DuckDBPyConnection, _run: Run) -> Iterator[Linked]:
        for repository in range(organization.size):
            if repository not in moved:
                yield Linked(repository_id=repository, status="unchanged")
                continue
            login = {
                "repository_id": repository,
                "path": ".github/workflows/w0.yml",
                "job": "build",
                "form": "docker/login-action",
                "registry": "container",
                "credential": "github_token",
                "credential_name": "GITHUB_TOKEN",
                "ordinal": 0,
                "line": 12 + organization.edits.get((repository, 0), 0),
                "host": "ghcr.io",
                "expression": "${{ secrets.GITHUB_TOKEN }}",
            }
            yield Linked(repository_id=repository, registry_logins=[login])

    return link


def _request(batch: Batch, path: str, number: int) -> None:
    batch.record_request(
        method="GET",
        path=path,
        status=200,
        observed_at=night(number),
        etag=hashlib.sha256(f"{path} {number}".encode()).hexdigest(),
        body_sha256=hashlib.sha256(f"{number} {path}".encode()).hexdigest(),
        request_id=_hex(path, number)[:24],
        credential="pat",
    )


def _workflow(sha: str) -> str:
    words = [
        "checkout",
        "build",
        "push",
        "test",
        "image",
        "version",
        "token",
        "cache",
        "deploy",
        "matrix",
        "strategy",
        "login",
    ]
    chance = random.Random(sha)
    steps = [
        f"      - run: make {' '.join(chance.choices(words, k=7))} # {chance.randrange(10**6)}"
        for _ in range(30)
    ]
    return "\n".join(["on: push", "jobs:", "  build:", "    steps:", *steps])


def _hex(*parts: object) -> str:
    return hashlib.sha1(repr(parts).encode(), usedforsecurity=False).hexdigest()


def main() -> None:
    """Grow a store and print its size on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=int, default=10_000)
    parser.add_argument("--nights", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for measure in grow(
            Path(folder) / "x.duckdb", repositories=options.repositories, nights=options.nights
        ):
            if measure.night % 50 == 0 or measure.night in (1, options.nights - 1):
                sys.stdout.write(
                    f"night {measure.night}: {measure.megabytes:.1f} MB,"
                    f" published in {measure.publish_seconds:.2f} s\n"
                )


if __name__ == "__main__":
    main()
