"""Evaluation leaves the caller's shadows alone: what-if and past dates are the same rules over other tables."""

from pathlib import Path

import duckdb
import pytest

from collector.errors import RuleError
from collector.store import open_inventory
from reports.catalog import Rule, find_rule, shipped_rules
from reports.evaluation import evaluated, shared_views
from reports.ruletest import given_database

FORKS = find_rule(shipped_rules(), "PKG001")
GIVEN = """
insert into coverage (family) values ('repositories');
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/shop', 'shop', 'private'),
    (2, 'acme/docs', 'docs', 'public');
insert into package (package_id, package_type, name, listed_repository, repository_id, repository_full_name) values
    (1, 'container', 'billing', 'present', 1, 'acme/shop');
"""


def verdicts(con: duckdb.DuckDBPyConnection, rule: Rule = FORKS) -> list[tuple[str, str]]:
    with evaluated(con, org="acme", rules=[rule]) as table:
        return con.execute(f"select subject, verdict from temp.{table} order by all").fetchall()


def test_a_table_that_stands_before_another_is_what_the_rules_see() -> None:
    with given_database(GIVEN) as con:
        before = verdicts(con)
        con.execute("create temp table repository as from main.repository")
        con.execute("update temp.repository set visibility = 'public'")
        after = verdicts(con)
        con.execute("drop table temp.repository")

        assert before == [("container:acme/billing", "unknown")]
        assert after == [("container:acme/billing", "fail")]
        assert verdicts(con) == before


def test_an_earlier_night_is_another_current_run() -> None:
    earlier = """
    delete from run;
    insert into run (run_id, started_at, ended_at) values
        ('run-1', '2026-11-01', '2026-11-01'), ('run-2', '2026-11-02', '2026-11-02');
    update package set valid_to_run = 'run-2';
    """
    with given_database(GIVEN + earlier) as con:
        now = verdicts(con)
        con.execute(
            "create temp view current_run as select org, run_id, ended_at as as_of, started_at, ended_at,"
            " edition, web_url, api_url from run where run_id = 'run-1'"
        )

        assert now == []
        assert verdicts(con) == [("container:acme/billing", "unknown")]


def test_it_works_on_a_connection_that_only_reads(tmp_path: Path) -> None:
    path = tmp_path / "inventory.duckdb"
    with open_inventory(path) as con:
        con.execute(
            "insert into run (run_id, org, status, api_url, web_url, edition, started_at, tool_version)"
            " values ('run-1', 'acme', 'published', '', '', 'github.com', '2026-11-20', 'test');"
            "insert into package values ('acme', 1, 'npm', 'x', null, 'public', null, 'absent', null, null,"
            " null, null, null, null, 'packages', '', null, 'run-1', null)"
        )
    with open_inventory(path, read_only=True) as con:
        assert verdicts(con) == [("npm:acme/x", "not_applicable")]


def test_views_are_views_again_when_it_is_over() -> None:
    with given_database(GIVEN) as con:
        with shared_views(con, org="acme"):
            assert con.execute(
                "select count(*) > 5 from duckdb_tables() where temporary"
            ).fetchall() == [(True,)]

        assert con.execute("select count(*) from duckdb_tables() where temporary").fetchall() == [
            (0,)
        ]


def test_a_shipped_rule_that_returns_what_none_may_is_an_error() -> None:
    wrong = {name: getattr(FORKS, name) for name in FORKS.__slots__}
    wrong["sql"] = FORKS.sql.replace("then 'not_applicable'", "then 'fine'")

    with given_database(GIVEN.replace("'private'", "'public'")) as con:
        con.execute("update package set visibility = 'public'")
        with pytest.raises(RuleError, match="has a verdict that is none of ours"):
            verdicts(con, Rule(**wrong))
