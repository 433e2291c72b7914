"""Users' rules read a copy in memory, in time, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from collector.errors import RuleError
from reports.ruletest import given_database
from reports.sandbox import (
    RuleStoppedError,
    check_one_select,
    run_rule,
    sandbox,
    tables_behind,
)

GIVEN = """
insert into run (run_id, org) values ('run-2', 'other');
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/shop', 'shop', 'private');
insert into repository (org, repository_id, full_name, name, visibility) values
    ('other', 2, 'other/shop', 'shop', 'private');
insert into blob values ('aa', 3, 'text', 0);
"""
RULE = "select repository from repositories order by all"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with given_database(GIVEN) as connection:
        yield connection


def test_a_select_with_steps_is_one_select() -> None:
    check_one_select("with a as (select 1) select * from a;", name="ACME001")


def test_a_copy_holds_one_organization_and_no_text_of_files(
    con: duckdb.DuckDBPyConnection,
) -> None:
    with sandbox(con, org="acme", rule_texts=[RULE]) as copy:
        assert run_rule(copy, RULE, name="ACME001") == [("acme/shop",)]
        assert run_rule(copy, "select * from blob", name="ACME001") == []


def test_a_copy_sees_what_the_transaction_has_not_committed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.begin()
    con.execute(
        "insert into repository (repository_id, full_name, name, visibility)"
        " values (3, 'acme/tools', 'tools', 'private')"
    )

    with sandbox(con, org="acme", rule_texts=[RULE]) as copy:
        rows = run_rule(copy, RULE, name="ACME001")

    con.commit()
    assert rows == [("acme/shop",), ("acme/tools",)]


def test_only_the_tables_behind_the_rules_views_are_copied() -> None:
    tables = tables_behind(["-- secret\nselect * from repositories"])

    assert {"run", "setting", "coverage", "repository", "actions_permissions"} <= tables
    assert not {"secret", "package", "verdict", "blob_facts"} & tables
    assert "blob_facts" in tables_behind(["select * from workflow_jobs"])


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/hostname')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "select * from query('drop table run')",
        "select * from enable_logging()",
        "select * from duckdb_secrets()",
    ],
)
def test_a_rule_reaches_no_file_and_no_setting(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    with (
        sandbox(con, org="acme", rule_texts=[sql]) as copy,
        pytest.raises(RuleStoppedError, match="ACME001 failed"),
    ):
        run_rule(copy, sql, name="ACME001")


def test_a_rule_does_not_see_pythons_variables(con: duckdb.DuckDBPyConnection) -> None:
    with sandbox(con, org="acme", rule_texts=[]) as copy:
        secrets_of_the_process = copy.sql("select 1 as token")
        with pytest.raises(RuleStoppedError, match="does not exist"):
            run_rule(copy, "select * from secrets_of_the_process", name="ACME001")

        assert secrets_of_the_process is not None


@pytest.mark.parametrize(
    "sql", ["drop table run", "select 1; select 2", "copy run to '/tmp/x'", "pragma version"]
)
def test_a_rule_that_is_no_select_is_refused_even_here(
    con: duckdb.DuckDBPyConnection, sql: str
) -> None:
    with sandbox(con, org="acme", rule_texts=[]) as copy, pytest.raises(RuleError, match="is not"):
        run_rule(copy, sql, name="ACME001")


def test_a_rule_that_never_ends_is_stopped(con: duckdb.DuckDBPyConnection) -> None:
    endless = "select count(*) from range(1000000000) as a, range(1000000000) as b"

    with (
        sandbox(con, org="acme", rule_texts=[]) as copy,
        pytest.raises(RuleStoppedError, match=r"did not finish within 0\.1 seconds"),
    ):
        run_rule(copy, endless, name="ACME001", seconds=0.1)


def test_a_rule_that_wants_all_memory_is_stopped(con: duckdb.DuckDBPyConnection) -> None:
    greedy = "select list(i order by i) as all_of_them from range(100000000) as numbers (i)"

    with (
        sandbox(con, org="acme", rule_texts=[], memory_limit="50MB") as copy,
        pytest.raises(RuleStoppedError, match="more memory"),
    ):
        run_rule(copy, greedy, name="ACME001")


def test_a_rule_that_returns_too_much_is_stopped(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.sandbox.MOST_ROWS", 10)

    with (
        sandbox(con, org="acme", rule_texts=[]) as copy,
        pytest.raises(RuleStoppedError, match="more than 10 rows"),
    ):
        run_rule(copy, "select * from range(11)", name="ACME001")


def test_a_failed_rule_leaves_the_transaction_of_the_publisher_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.begin()
    con.execute("delete from repository where org = 'other'")
    with sandbox(con, org="acme", rule_texts=[]) as copy, pytest.raises(RuleStoppedError):
        run_rule(copy, f"select * from read_csv('{tmp_path}/x')", name="ACME001")
    con.commit()

    assert con.execute("select count(*) from repository").fetchall() == [(1,)]
