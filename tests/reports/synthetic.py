"""A made-up organization of any size, written straight into the base tables of the schema.

No rule runs here: the verdicts are made up too, so that the report's tests depend on its own code
only. Everything follows from row numbers, so the same shape always gives the same database.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from collector import sqlfiles

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE_NAMES = (
    "<img src=x onerror=window.__pwn=1>",
    "</script><script>window.__pwn=2</script>",
    "line\u2028separator",
    "right\u202eto\u2066left",
    "=cmd|' /C calc'!A0",
    "@scope/x",
    "+1+1",
    "a" * 300,
    "a%2Fb",
    "nul\x07bell\ttab",
    "\"quoted\" & 'ticked' {{ 7*7 }} ${{ secrets.X }}",
    "javascript:alert(1)",
)

PREVIOUS_RUN = "2026-11-22T020000Z-acme"
RUN = "2026-11-23T020014Z-acme"
JUDGEMENT = f"{RUN}/1"
PREVIOUS_JUDGEMENT = f"{PREVIOUS_RUN}/1"


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the made-up organization is, and what is wrong with it."""

    packages: int = 60
    private_packages: int = 40
    repositories: int = 80
    public_repositories: int = 12
    logins: int = 50
    # PKG001 fails for this many private packages; the other private ones are unknown: no_api.
    exposed: int = 6
    # PKG005-like findings, to reach any number.
    bulk_findings: int = 0
    baseline: bool = True
    denied: bool = False
    hostile: bool = False
    waived_every: int = 0
    unknown_left: bool = True
    # Whether every package is connected to a repository, so that PKG007 finds nothing.
    connected: bool = False


DAY_ONE = Shape(
    packages=800,
    private_packages=500,
    repositories=420,
    public_repositories=60,
    logins=120,
    exposed=14,
    baseline=False,
)
EMPTY = Shape(
    packages=0,
    private_packages=0,
    repositories=0,
    public_repositories=0,
    logins=0,
    exposed=0,
    baseline=False,
)


def database(path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Open a database with the schema and the views in it."""
    con = duckdb.connect(str(path))
    for file in (*sqlfiles.migrations(), *sqlfiles.views()):
        con.execute(file.text)
    return con


def organization(
    shape: Shape = Shape(), path: Path | str = ":memory:"
) -> duckdb.DuckDBPyConnection:
    """Return a database that holds the made-up organization `acme`."""
    con = database(path)
    write_runs(con, shape)
    write_facts(con, shape)
    write_coverage(con, shape)
    write_verdicts(con, shape)
    if shape.hostile:
        write_hostile(con)
    return con


def write_runs(con: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Write the run, and the night before it where there is a baseline."""
    nights = [(RUN, JUDGEMENT, "2026-11-23")]
    if shape.baseline:
        nights.insert(0, (PREVIOUS_RUN, PREVIOUS_JUDGEMENT, "2026-11-22"))
    for run, judgement, day in nights:
        con.execute(
            """insert into run values (?, 'acme', 'published', 'https://api.github.com',
               'https://github.com', 'github.com', ?::timestamp, ?::timestamp, ?::timestamp, '0.1.0',
               '[{"name": "token", "kind": "classic personal access token", "scopes": ["read:org", "read:packages", "repo"],
                  "login": "svc-audit", "expires_at": "2027-01-31T00:00:00Z"}]',
               '{"full": false}', '[]')""",
            [run, f"{day} 02:00:14", f"{day} 02:07:51", f"{day} 02:08:02"],
        )
        con.execute(
            """insert into judgement values (?, ?, 'acme', ?::timestamp, repeat('9f', 32),
               repeat('00', 32), repeat('00', 32), repeat('a1', 32), '2026.11.1', ?::timestamp)""",
            [judgement, run, f"{day} 02:07:51", f"{day} 02:08:01"],
        )


TYPES = "['container','npm','container','maven','container','nuget','rubygems']"
WORDS = (
    "['billing','docs-site','checkout','ledger','gateway','search','mailer','design-system',"
    "'identity','reports','terraform-modules','sdk','edge','catalog','scheduler']"
)
FACT = "'repositories', '', timestamp '2026-11-23 02:03:00', '" + RUN + "', null"


def write_facts(con: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Write repositories, packages, workflow files, logins and secrets."""
    con.execute(
        f"""insert into organization values ('acme', 1, 'acme', 'Acme', 'enterprise', ?, ?, 'read',
            true, false, true, 'organization', '', timestamp '2026-11-23 02:00:15', '{RUN}', null)""",
        [shape.public_repositories, shape.repositories - shape.public_repositories],
    )
    con.execute(
        f"""insert into repository select 'acme', 1000 + i, 'acme/' || n, n,
              case when i < ? then 'public' when i % 7 = 0 then 'internal' else 'private' end,
              false, i % 23 = 22, false, 'main', false, 'all', 'https://github.com/acme/' || n,
              timestamp '2024-01-01', timestamp '2026-11-20' - interval 1 hour * i, i % 5, 900, {FACT}
            from (select i, {WORDS}[i % 15 + 1] || case when i < 15 then '' else '-' || (i // 15) end n
                  from range(?) t(i))""",
        [shape.public_repositories, shape.repositories],
    )
    lonely = "false" if shape.connected else "i % 11 = 10"
    con.execute(
        f"""insert into package
            select 'acme', 5000 + i, t, n, 'acme', v, v,
              case when {lonely} then 'null' else 'present' end,
              case when {lonely} then null else 1000 + (i * 7) % greatest({shape.repositories}, 1) end,
              case when {lonely} then null else 'acme/x' end,
              'https://github.com/orgs/acme/packages/' || t || '/package/' || n,
              timestamp '2024-05-01' + interval 1 day * (i % 300),
              timestamp '2026-11-01' - interval 1 day * (i % 500), 1 + i % 40,
              'packages', t || '/' || v, timestamp '2026-11-23 02:02:00', '{RUN}', null
            from (select i, {TYPES}[i % 7 + 1] t,
                    {WORDS}[i % 15 + 1] || case when i < 15 then '-core' else '-' || i end n,
                    case when i < ? then 'private' when i % 9 = 0 then 'internal' else 'public' end v
                  from range(?) t(i))""",
        [shape.private_packages, shape.packages],
    )
    con.execute(
        f"""insert into repository_property select 'acme', repository_id, 'owner',
              ['payments', 'platform', 'web'][repository_id % 4], 'custom_properties', '',
              timestamp '2026-11-23 02:06:00', '{RUN}', null
            from repository where repository_id % 4 > 0"""
    )
    write_workflows(con, shape)


WORKFLOW = """name: publish
on:
  push:
    branches: [main]
  pull_request_target:
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: acme-bot
          password: ${{ secrets.GHCR_PAT }}
      - run: docker push ghcr.io/acme/billing-core:latest
"""


def write_workflows(con: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Write one workflow text that many repositories hold, its logins and their secrets."""
    facts = """{"triggers": [{"name": "push", "line": 3, "types": [], "branches": ["main"]},
        {"name": "pull_request_target", "line": 5, "types": [], "branches": []}], "permissions": null,
      "jobs": [{"id": "build", "line": 7, "name": null, "uses": null, "needs": [], "permissions": null}]}"""
    con.execute(
        "insert into blob values ('b10b', ?, ?, 0)", [len(WORKFLOW.encode()), WORKFLOW.encode()]
    )
    con.execute(
        "insert into blob_facts values ('b10b', 'workflow', 1, 'parsed', null, null, ?)", [facts]
    )
    con.execute(
        f"""insert into workflow_file select 'acme', repository_id, '.github/workflows/publish.yml',
              'workflow', 'b10b', '100644', 420, 'read', null, 'workflow_trees',
              repository_id::varchar, timestamp '2026-11-23 02:05:00', '{RUN}', null
            from repository order by repository_id limit ?""",
        [shape.logins],
    )
    con.execute(
        f"""insert into registry_login select 'acme', repository_id, path, 'build', 'docker_login_action',
              'container', 'pat', {secret_of("repository_id")}, 0, 'ghcr.io', '${{{{ secrets.GHCR_PAT }}}}',
              null, 15, null, path, 15, null, 'push', false, null, null, null, null,
              'links', repository_id::varchar, timestamp '2026-11-23 02:05:00', '{RUN}', null
            from workflow_file"""
    )
    con.execute(
        f"""insert into package_reference select 'acme', repository_id, path, 'build', 'docker_push',
              'container', 'ghcr.io', 'acme', 'billing-core', 'latest', 'push', 0, 16, true, null,
              'links', repository_id::varchar, timestamp '2026-11-23 02:05:00', '{RUN}', null
            from workflow_file"""
    )
    for name in ("GHCR_PAT", "NPM_PUBLISH_TOKEN", "REGISTRY_TOKEN"):
        con.execute(
            f"""insert into secret values ('acme', 'actions', 'organization', 0, '', ?, 'all',
                timestamp '2024-02-02', timestamp '2025-03-03', 'org_secrets', '',
                timestamp '2026-11-23 02:06:00', '{RUN}', null)""",
            [name],
        )


def secret_of(number: str) -> str:
    """Return the SQL that gives a row one of three secrets."""
    return (
        f"['GHCR_PAT','GHCR_PAT','NPM_PUBLISH_TOKEN','GHCR_PAT','REGISTRY_TOKEN'][{number} % 5 + 1]"
    )


def write_coverage(con: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Write what was read; where access is denied, the private sweep of packages is refused."""

    def row(
        family: str,
        subject: str,
        *,
        seen: int,
        expected: int | None = None,
        denial: dict[str, object] | None = None,
    ) -> None:
        answer = {"status": "complete", "http_status": 200, "reason": None, "detail": None} | (
            denial or {}
        )
        con.execute(
            f"""insert into coverage values ('acme', ?, ?, ?, ?, ?, ?, ?, ?, 'token', 'C0DE:1:2:3',
                timestamp '2026-11-23 02:02:00', '{RUN}', null)""",
            [
                family,
                subject,
                answer["status"],
                answer["http_status"],
                answer["reason"],
                answer["detail"],
                seen,
                expected,
            ],
        )

    refused: dict[str, object] = {
        "status": "denied",
        "http_status": 403,
        "reason": "forbidden_403",
        "detail": "GitHub answered: Resource not accessible by personal access token.",
    }
    for kind in ("container", "npm", "maven", "nuget", "rubygems", "docker"):
        for visibility in ("public", "internal", "private"):
            bad = refused if shape.denied and visibility == "private" else None
            seen = con.execute(
                "select count(*) from package where package_type = ? and visibility = ?",
                [kind, visibility],
            ).fetchone()
            row(
                "packages", f"{kind}/{visibility}", seen=0 if bad else (seen or (0,))[0], denial=bad
            )
    row("repositories", "", seen=shape.repositories, expected=shape.repositories)
    row("organization", "", seen=1)
    bad = refused if shape.denied else None
    row("org_secrets", "", seen=0 if bad else 3, denial=bad)
    con.execute(
        f"""insert into coverage select 'acme', 'workflow_trees', repository_id::varchar,
              case when ? and repository_id % 20 = 3 then 'failed' else 'complete' end, 200,
              case when ? and repository_id % 20 = 3 then 'timeout' end, null, 1, 1, 'token', null,
              timestamp '2026-11-23 02:05:00', '{RUN}', null from repository""",
        [shape.denied, shape.denied],
    )


VERDICT = """insert into verdict
  (org, rule, fingerprint, subject, verdict, reason_code, severity, evidence_level, reason, repository,
   package, path, line, registry, credential, secret, hops, first_seen, waiver_id, valid_from_judgement)
  select 'acme', rule, md5(rule || 'acme' || subject), subject, verdict, reason_code, severity,
    evidence_level, reason, repository, package, path, line, registry, credential, secret, hops,
    case when verdict = 'fail' then
      case when {baseline} and n % 17 != 3 then timestamp '2026-09-02 02:07:51' + interval 1 day * (n % 70)
           else timestamp '2026-11-23 02:07:51' end end,
    case when verdict = 'fail' and {waived} > 0 and n % greatest({waived}, 1) = 0 then 'W-2026-041' end,
    case when {baseline} and n % 17 != 3 then '{before}' else '{now}' end
  from ({query})"""

PKG001 = """select i n, 'PKG001' rule, p.package_type || ':acme/' || p.name subject,
    case when p.visibility = 'public' or p.package_type = 'maven' then 'not_applicable'
         when i < {exposed} then 'fail' when {unknown_left} then 'unknown' else 'pass' end verdict,
    case when verdict = 'unknown' then 'no_api' end reason_code,
    case when verdict = 'fail' then case when i % 4 = 3 then 'medium' else 'high' end end severity,
    case when verdict = 'fail' then ['implied','suggested','declared'][i % 3 + 1] end evidence_level,
    case verdict
      when 'fail' then 'Private package ' || subject || ' grants access to public repository ' || r.full_name
        || ': exposed according to GitHub''s warning, not confirmed.'
      when 'unknown' then 'No API lists which repositories may use ' || subject || '.'
      when 'pass' then 'A complete declared list for ' || subject || ' names no public repository.'
      else subject || ' is public, so access to it is not restricted.' end reason,
    case when verdict = 'fail' then r.full_name end repository, subject package, null path, null line,
    p.package_type registry, null credential, null secret,
    case when verdict = 'fail' then json_array(
      json_object('kind', 'package', 'text', 'Private package ' || subject, 'level', 'proven', 'request_id', 'C0DE:1:2:3'),
      json_object('kind', 'grant', 'text', 'Connected repository ' || r.full_name || ' inherits access', 'level', evidence_level, 'request_id', 'C0DE:1:2:4'),
      json_object('kind', 'repository', 'text', r.full_name || ' is public', 'level', 'proven', 'request_id', 'C0DE:1:2:5'),
      json_object('kind', 'fork', 'text', 'Anyone may fork it and open a pull request', 'level', 'implied', 'request_id', null)) end hops
  from (select *, package_id - 5000 i from package) p
  left join repository r on r.repository_id = 1000 + p.i % greatest({public}, 1)"""

PKG007 = """select package_id n, 'PKG007' rule, package_type || ':acme/' || name subject,
    case when repository_id is null then 'fail' else 'pass' end verdict, null reason_code,
    case when repository_id is null then case when visibility = 'private' then 'medium' else 'low' end end severity,
    case when repository_id is null then 'proven' end evidence_level,
    case when repository_id is null then 'Package ' || subject || ' is connected to no repository.'
         else 'Package ' || subject || ' is connected to a repository.' end reason,
    null repository, subject package, null path, null line, package_type registry, null credential,
    null secret, null hops from package"""

LOGIN = """select l.repository_id n, '{rule}' rule,
    r.full_name || '/' || l.path || '#build/docker_login_action/container/' || l.credential_name || '/0' subject,
    case when l.repository_id % 9 = 8 and {unknown_left} then 'unknown' else '{verdict}' end verdict,
    case when verdict = 'unknown' then 'unresolved_expression' end reason_code,
    case when verdict = 'fail' then case when r.visibility = 'public' then 'high' else 'medium' end end severity,
    case when verdict = 'fail' then 'proven' end evidence_level,
    case verdict when 'fail' then 'Job build of ' || r.full_name || ' logs in to ghcr.io with the stored secret '
       || l.credential_name || ' and pushes.' when 'pass' then 'The login uses no literal credential.'
       else 'The password of the login depends on an input that no caller passes.' end reason,
    r.full_name repository, null package, l.path path, 15 line, 'container' registry, 'pat' credential,
    l.credential_name secret,
    case when verdict = 'fail' then json_array(
      json_object('kind', 'secret', 'text', 'Organization secret ' || l.credential_name, 'level', 'proven', 'request_id', 'C0DE:1:2:6'),
      json_object('kind', 'login', 'text', 'password: ${{{{ secrets.' || l.credential_name || ' }}}}', 'level', 'proven', 'request_id', null)) end hops
  from registry_login l join repository r using (repository_id)"""

BULK = """select i n, 'PKG005' rule,
    'acme/' || w || '-' || (i // 40) || '/.github/workflows/publish.yml#build/actions/checkout@v4/' || i % 40 subject,
    'fail' verdict, null reason_code, ['medium','low','medium','high','low','critical'][case when i % 400 = 5 then 6 else i % 5 + 1 end] severity,
    ['proven','implied','suggested','declared'][i % 4 + 1] evidence_level,
    'Job build of acme/' || w || '-' || (i // 40) || ' uses actions/checkout@v4, a tag that can be moved, in step ' || i % 40 || '.' reason,
    'acme/' || w || '-' || (i // 40) repository, null package, '.github/workflows/publish.yml' path, 10 line,
    'container' registry, null credential, null secret, null hops
  from (select i, {words}[i % 15 + 1] w from range({bulk}) t(i))"""


def write_verdicts(con: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """Write verdicts of five rules, and as many of a sixth as the shape asks for."""
    public = shape.public_repositories if shape.repositories else 0
    unknown = str(shape.unknown_left).lower()
    queries = [
        PKG001.format(exposed=shape.exposed, public=public, unknown_left=unknown),
        PKG007,
        LOGIN.format(rule="PKG002", verdict="fail", unknown_left=unknown),
        LOGIN.format(rule="PKG013", verdict="pass", unknown_left="false"),
        BULK.format(bulk=shape.bulk_findings, words=WORDS),
    ]
    for query in queries:
        con.execute(
            VERDICT.format(
                baseline=str(shape.baseline).lower(),
                waived=shape.waived_every,
                before=PREVIOUS_JUDGEMENT,
                now=JUDGEMENT,
                query=query,
            )
        )


def write_hostile(con: duckdb.DuckDBPyConnection) -> None:
    """Write names that try to become markup, formulas, terminal escapes or other text."""
    for i, name in enumerate(HOSTILE_NAMES):
        con.execute(
            f"""insert into package values ('acme', ?, 'npm', ?, 'acme', 'private', 'secret?', 'null', null,
                null, ?, timestamp '2025-01-01', timestamp '2025-01-01', 1, 'packages', 'npm/private',
                timestamp '2026-11-23 02:02:00', '{RUN}', null)""",
            [90_000 + i, name, f"javascript:alert('{i}')"],
        )
        con.execute(
            """insert into verdict (org, rule, fingerprint, subject, verdict, severity, evidence_level,
                 reason, repository, package, path, line, hops, first_seen, valid_from_judgement)
               values ('acme', 'PKG007', md5(?), ?, 'fail', 'medium', 'proven', ?, ?, ?, ?, 3, ?,
                 timestamp '2026-11-23 02:07:51', ?)""",
            [
                name,
                f"npm:acme/{name}",
                f"Package {name} is connected to no repository.",
                f"acme/{name}",
                f"npm:acme/{name}",
                f".github/workflows/{name}.yml",
                f'[{{"kind": "package", "text": {sql_json(name)}, "level": "proven"}}]',
                JUDGEMENT,
            ],
        )


def sql_json(text: str) -> str:
    """Write a text as JSON."""
    return json.dumps(text)
