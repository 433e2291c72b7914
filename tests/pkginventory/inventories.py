"""A small judged inventory in a file, for commands that open one."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import duckdb

from collector import sqlfiles
from collector.store import open_inventory
from pkginventory.judging import judge_again_if_needed
from pkginventory.settings import Settings
from reports import ruletest

_FILLED = (
    "select table_name from duckdb_tables() where database_name = 'memory' and estimated_size > 0"
    " and table_name not in ('schema_version', 'view_state', 'setting') order by table_name"
)
ACME = """
insert into coverage (family, subject, request_id) values
    ('repositories', '', 'REQ-REPOS'), ('packages', 'container/private', 'REQ-PRIVATE'),
    ('packages', 'container/internal', 'REQ-INTERNAL'), ('packages', 'npm/private', 'REQ-NPM'),
    ('packages', 'container/public', 'REQ-PUBLIC');
insert into repository (repository_id, full_name, name, visibility, archived, forks_count) values
    (1, 'acme/docs', 'docs', 'public', false, 12),
    (2, 'acme/shop', 'shop', 'private', false, 0),
    (3, 'acme/tools', 'tools', 'private', false, 0);
insert into package (package_id, package_type, name, visibility, listed_repository, repository_id,
    repository_full_name, coverage_subject) values
    (10, 'container', 'billing', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (11, 'container', 'ledger', 'private', 'present', 2, 'acme/shop', 'container/private'),
    (12, 'container', 'lonely', 'private', 'absent', null, null, 'container/private'),
    (13, 'container', 'open', 'public', 'present', 2, 'acme/shop', 'container/public'),
    (14, 'container', '=cmd|x', 'private', 'absent', null, null, 'container/private'),
    (15, 'npm', 'ui', 'private', 'present', 2, 'acme/shop', 'npm/private');
insert into package_connection (package_id, coverage_subject) values (12, '12'), (14, '14');
insert into coverage (family, subject) values ('package_details', '12'), ('package_details', '14');
"""


@cache
def _made(given: str) -> Path:
    """Write an inventory of one run, judged: once a process, since judging takes longest."""
    path = Path(tempfile.mkdtemp(prefix="pkginventory-test-")) / "acme.duckdb"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    with open_inventory(path):
        pass
    with duckdb.connect(":memory:") as con:
        for migration in sqlfiles.migrations():
            con.execute(migration.text)
        ruletest._set_defaults(con)
        con.execute(ruletest._RUN)
        con.execute(given)
        con.execute(f"attach '{path}' as file")
        for (table,) in con.execute(_FILLED).fetchall():
            con.execute(f"insert into file.{table} by name select * from main.{table}")
    judge_again_if_needed(Settings(db=path), "acme")
    return path


def inventory(folder: Path, given: str = ACME) -> Settings:
    """Return the settings that open an inventory of its own."""
    path = folder / "acme.duckdb"
    shutil.copy(_made(given), path)
    return Settings(db=path, org=("acme",))


def verdict(settings: Settings, rule: str, subject: str) -> tuple[str, str | None, str | None]:
    """Return a stored verdict, its reason code and its evidence level."""
    with open_inventory(settings.db, read_only=True) as con:
        row = con.execute(
            "select verdict, reason_code, evidence_level from verdicts"
            " where rule = ? and subject = ?",
            [rule, subject],
        ).fetchone()
    assert row is not None
    return row
