"""The ladder of evidence, row by row: verdict, reason, severity and level are exact."""

from pathlib import Path

import pytest

from reports.catalog import find_rule, shipped_rules
from reports.ruletest import given_database
from tests.reports.facts import Verdicts, judged
from tests.reports.ladder import Rung, facts_of, read_ladder

TABLE = Path(__file__).parents[1] / "rules" / "ladder.csv"
RUNGS = read_ladder(TABLE)
FORKS = find_rule(shipped_rules(), "PKG001")


@pytest.fixture(scope="module")
def verdicts() -> Verdicts:
    with given_database("") as con:
        return judged(con, facts_of(RUNGS), rules=[FORKS])


def test_the_table_is_long_and_tells_no_story_twice() -> None:
    stories = [rung.columns["story"] for rung in RUNGS]

    assert len(stories) >= 60
    assert len(set(stories)) == len(stories)


def test_what_must_not_fire_comes_first() -> None:
    fails = [rung.columns["verdict"] == "fail" for rung in RUNGS]

    assert fails == sorted(fails)


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.columns["story"].replace(" ", "-"))
def test_a_rung_is_judged_as_the_table_says(rung: Rung, verdicts: Verdicts) -> None:
    kind = rung.columns["type"]

    assert verdicts["PKG001", rung.org, f"{kind}:{rung.org}/thing"][:4] == rung.expected
