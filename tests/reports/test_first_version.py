"""A file of the first schema opens, is brought up to date, and says what it said."""

import csv
from pathlib import Path

import duckdb
import pytest

from collector import sqlfiles
from collector.migrate import schema_version
from collector.store import open_inventory
from reports import ruletest
from reports.catalog import find_rule, shipped_rules

RULES = shipped_rules()
TESTS = Path(__file__).parents[1] / "rules"
FIRST = sqlfiles.migrations()[0]
# Written for the first schema, and about everything that access rests on.
WRITTEN_FOR_IT = ("PKG001", "PKG002", "PKG012", "PKG014", "PKG016")
FILLED = (
    "select table_name from duckdb_tables() where database_name = 'memory' and estimated_size > 0"
    " and table_name not in ('schema_version', 'view_state', 'setting') order by table_name"
)


def stored(path: Path, given: str) -> None:
    """Write a file as the first release left it, holding what `given` says."""
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.4.0"}) as con:
        con.execute(FIRST.text)
        con.execute("insert into schema_version values (1, '2026-11-01', '0.1.0')")
    with duckdb.connect(":memory:") as con:
        con.execute(FIRST.text)
        ruletest._set_defaults(con)
        con.execute(ruletest._RUN)
        con.execute(given)
        con.execute(f"attach '{path}' as file")
        for (table,) in con.execute(FILLED).fetchall():
            con.execute(f"insert into file.{table} by name select * from main.{table}")


@pytest.mark.parametrize("name", WRITTEN_FOR_IT)
def test_a_file_of_the_first_schema_gives_the_verdicts_that_it_gave(
    tmp_path: Path, name: str
) -> None:
    folder = TESTS / name
    path = tmp_path / "acme.duckdb"
    stored(path, (folder / "given.sql").read_text(encoding="utf-8"))
    expected = list(csv.DictReader((folder / "expected.csv").read_text("utf-8").splitlines()))
    columns = [column for column in expected[0] if column != "org"]
    texts = ", ".join(f"coalesce({column}::varchar, '')" for column in columns)

    with open_inventory(path) as con:
        assert schema_version(con) == len(sqlfiles.migrations())
        said = con.execute(
            f"select {texts} from ({find_rule(RULES, name).sql}) where org = 'acme'"
        ).fetchall()

    mine = [row for row in expected if row.get("org", "acme") == "acme"]
    assert sorted(said) == sorted(tuple(row[column] for column in columns) for row in mine)
    assert path.with_name("acme.duckdb.v1.backup").exists()


def test_of_what_the_first_release_did_not_read_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "acme.duckdb"
    stored(path, (TESTS / "PKG001" / "given.sql").read_text(encoding="utf-8"))

    with open_inventory(path) as con:
        said = con.execute(
            f"select distinct verdict, reason_code from ({find_rule(RULES, 'PKG017').sql})"
        ).fetchall()
        evidence = con.execute(
            "select count(*) from access_evidence"
            " where kind in ('workflow_run', 'audit_publish', 'attestation')"
        ).fetchall()

    assert {verdict for verdict, _ in said} == {"unknown"}
    assert evidence == [(0,)]
