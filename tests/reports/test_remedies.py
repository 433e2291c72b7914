"""Advice that was tried: it stands beside the login it is about, and a decision replaces the grant."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from reports.catalog import shipped_rules
from reports.pages import read_report
from reports.remedies import advise_grants
from reports.ruletest import given_database
from reports.verdicts import judge
from reports.write import write_report
from tests.reports.test_whatif import ACME

RULES = shipped_rules()


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with given_database(ACME) as opened:
        judge(opened, org="acme", run_id="run-1", rules=RULES)
        yield opened


def test_without_advice_the_rows_have_none(con: duckdb.DuckDBPyConnection) -> None:
    island = json.loads(read_report(con, org="acme", rules=RULES).island.text)

    assert island["advice"] == {}


def test_a_grant_that_exposes_is_replaced_by_the_decision(con: duckdb.DuckDBPyConnection) -> None:
    advice = advise_grants(con, org="acme", rules=RULES)

    island = json.loads(read_report(con, org="acme", rules=RULES, advice=advice).island.text)

    said = sorted(island["advice"].values())
    assert [instead for instead, _ in said] == [0, 1]
    assert "Give acme/shop the role write" in said[0][1][0]
    assert "Decide first" in said[1][1][0]


def test_the_report_holds_what_was_tried_and_leaves_nothing_behind(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    result = write_report(con, org="acme", out=tmp_path, rules=RULES)

    assert "Decide first" in result.path.read_text(encoding="utf-8")
    assert con.execute("select count(*) from duckdb_tables() where temporary").fetchone() == (0,)
