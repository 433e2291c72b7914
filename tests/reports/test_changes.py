"""Changes between two judgements: seven ways, and what is never taken for progress."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from collector.errors import UsageError
from collector.store import open_inventory
from reports.changes import KINDS, compare

FIRST, SECOND = (datetime.fromisoformat(f"2026-11-{day}T03:00:00") for day in (22, 23))
# Subject -> (verdict, severity, seen failing earlier) before and now; None: not there.
State = tuple[str, str | None, bool] | None
CASES: dict[str, tuple[State, State, str | None]] = {
    "still_passing": (("pass", None, False), ("pass", None, False), None),
    "still_failing": (("fail", "high", True), ("fail", "high", True), "unchanged"),
    "came_to_be_unknown": (("pass", None, False), ("unknown", None, False), None),
    "out_of_sight_for_long": (("unknown", None, True), ("unknown", None, True), "unchanged"),
    "lost_sight_of": (("fail", "high", True), ("unknown", None, True), "not_examined"),
    "seen_again": (("unknown", None, True), ("fail", "high", True), "unchanged"),
    "first_seen": (("unknown", None, False), ("fail", "high", True), "new"),
    "worse": (("fail", "low", True), ("fail", "high", True), "worse"),
    "better": (("fail", "high", True), ("fail", "low", True), "better"),
    "fixed": (("fail", "high", True), ("pass", None, False), "fixed"),
    "no_longer_applies": (("fail", "high", True), ("not_applicable", None, False), "fixed"),
    "gone": (("fail", "high", True), None, "gone"),
    "came": (None, ("fail", "critical", True), "new"),
    "came_clean": (None, ("pass", None, False), None),
}


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an inventory with two judged nights, PKG002 in a new version in the second."""
    with open_inventory(tmp_path / "x.duckdb") as opened:
        for number, (ended, rules) in enumerate(
            ((FIRST, "PKG001/1 PKG002/1"), (SECOND, "PKG001/1 PKG002/2")), start=1
        ):
            opened.execute(
                "insert into run (run_id, org, status, api_url, web_url, edition, started_at,"
                " ended_at, published_at, tool_version)"
                " values (?, 'acme', 'published', '', '', 'github.com', ?, ?, ?, '1')",
                [f"r{number}", ended, ended, ended],
            )
            opened.execute(
                "insert into judgement values (?, ?, 'acme', ?, '', '', '', '', ?, ?)",
                [f"r{number}.0001", f"r{number}", ended, rules, ended],
            )
        for rule in ("PKG001", "PKG002"):
            for subject, (before, now, _) in CASES.items():
                place = {"rule": rule, "subject": subject}
                write(opened, **place, state=before, first="r1.0001", until="r2.0001")
                write(opened, **place, state=now, first="r2.0001", until=None)
        yield opened


def write(
    con: duckdb.DuckDBPyConnection,
    *,
    rule: str,
    subject: str,
    state: State,
    first: str,
    until: str | None,
) -> None:
    """Store one verdict from one judgement until another."""
    if state is None:
        return
    verdict, severity, failed = state
    con.execute(
        "insert into verdict (org, rule, fingerprint, subject, verdict, severity, reason,"
        " first_seen, valid_from_judgement, valid_to_judgement)"
        " values ('acme', ?, ?, ?, ?, ?, 'A sentence.', ?, ?, ?)",
        [rule, rule + subject, subject, verdict, severity, FIRST if failed else None, first, until],
    )


def told(con: duckdb.DuckDBPyConnection, rule: str) -> dict[str, str]:
    """Return what is told of each subject of a rule."""
    rows = con.execute("select subject, change from finding_changes where rule = ?", [rule])
    return dict(rows.fetchall())


def test_each_finding_is_told_one_way(con: duckdb.DuckDBPyConnection) -> None:
    expected = {subject: change for subject, (_, _, change) in CASES.items() if change}

    assert told(con, "PKG001") == expected


def test_what_a_new_rule_says_otherwise_is_neither_new_nor_fixed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = told(con, "PKG002")

    assert {found[name] for name in ("first_seen", "fixed", "gone", "came")} == {"rule_changed"}
    assert found["lost_sight_of"] == "not_examined"


def test_the_counts_are_those_of_the_list(con: duckdb.DuckDBPyConnection) -> None:
    found = compare(con, org="acme")

    assert found is not None
    listed = [change.change for change in found.changes]
    assert found.counts == {kind: listed.count(kind) for kind in KINDS}
    assert (found.before.run_id, found.now.run_id) == ("r1", "r2")


def test_a_night_compared_with_itself_has_no_changes(con: duckdb.DuckDBPyConnection) -> None:
    found = compare(con, org="acme", before="r2", now="2026-11-23")

    assert found is not None
    assert found.changes == ()


def test_told_backwards_what_came_has_gone(con: duckdb.DuckDBPyConnection) -> None:
    found = compare(con, org="acme", before="r2", now="2026-11-22")

    assert found is not None
    changes = {change.subject: change.change for change in found.changes if change.rule == "PKG001"}
    assert (changes["came"], changes["gone"], changes["worse"]) == ("gone", "new", "better")


def test_a_comparison_leaves_nothing_behind(con: duckdb.DuckDBPyConnection) -> None:
    compare(con, org="acme", before="r2", now="r1")

    assert told(con, "PKG001")["came"] == "new"


def test_the_first_night_has_nothing_to_be_compared_with(con: duckdb.DuckDBPyConnection) -> None:
    assert compare(con, org="acme", now="r1") is None


@pytest.mark.parametrize("named", ["r9", "2026-11-01", "yesterday", ""])
def test_a_night_that_is_not_there_is_refused(con: duckdb.DuckDBPyConnection, named: str) -> None:
    with pytest.raises(UsageError, match="no judged run"):
        compare(con, org="acme", before=named or "x")


def test_a_date_means_the_newest_run_that_had_ended(con: duckdb.DuckDBPyConnection) -> None:
    day = f"{SECOND + timedelta(days=30):%Y-%m-%d}"

    found = compare(con, org="acme", before="r1", now=day)

    assert found is not None
    assert found.now.run_id == "r2"
