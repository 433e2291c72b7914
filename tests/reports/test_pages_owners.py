"""Owners, and whom to ask first."""

import duckdb
import pytest

from reports.pages import read_report
from reports.pages_coverage import read_coverage
from reports.pages_objects import read_objects
from reports.pages_owners import NO_OWNER, Owner, assign_owners, count_owners, owner_of, read_owners
from reports.pages_rows import read_rows
from tests.reports import synthetic
from tests.reports.synthetic import RUN, Shape

TEAM = (
    "insert into team_repository values ('acme', ?, 1000, ?, 'team_repositories', ?,"
    f" timestamp '2026-11-23 02:06:00', '{RUN}', null)"
)


def test_without_any_owner_no_table_is_shown() -> None:
    """An organization that names no owners gets no table that says so nine times."""
    with synthetic.organization(Shape()) as con:
        con.execute("delete from repository_property")

        assert read_report(con, org="acme").owners == ()


def test_two_teams_with_admin_are_no_owner() -> None:
    """Where two teams administer a repository, neither is said to own it."""
    with synthetic.organization(Shape()) as con:
        for team in ("web", "sre"):
            con.execute(TEAM, [team, "admin", team])

        assert "acme/billing" not in read_owners(con, org="acme")


def test_the_property_comes_before_the_team() -> None:
    """The first source that names an owner wins, and is said."""
    with synthetic.organization(Shape()) as con:
        con.execute(TEAM, ["sre", "admin", "sre"])
        before = read_owners(con, org="acme")["acme/billing"]
        con.execute(
            "insert into repository_property values ('acme', 1000, 'team', 'web', 'custom_properties', '',"
            f" timestamp '2026-11-23 02:06:00', '{RUN}', null)"
        )
        after = read_owners(con, org="acme")["acme/billing"]

    assert before == Owner("sre", "team with admin")
    assert after == Owner("web", "custom property")


@pytest.mark.parametrize(
    ("repositories", "expected"),
    [
        (("acme/a", "acme/b"), "first"),
        ((None, "acme/b"), "second"),
        (("acme/unknown", None), NO_OWNER),
        ((), NO_OWNER),
    ],
)
def test_the_packages_repository_comes_first(
    repositories: tuple[str | None, ...], expected: str
) -> None:
    """A finding belongs to the owner of the package, then of the repository it names."""
    owners = {"acme/a": Owner("first", ""), "acme/b": Owner("second", "")}

    assert owner_of(owners, *repositories) == expected


def test_every_open_finding_has_one_owner_or_none(small: duckdb.DuckDBPyConnection) -> None:
    """The counts by owner, those of no owner included, are those of all open findings."""
    rows = read_rows(small, org="acme")
    assign_owners(rows, read_objects(small, org="acme"), read_owners(small, org="acme"))
    counts = count_owners(rows)

    assert sum(row.total for row in counts) == 55
    assert {row.name for row in counts} == {"payments", "platform", "web", NO_OWNER}
    assert min(row.oldest for row in counts) == min(filter(None, rows.columns["first_seen"]))


def test_whom_to_ask_first(small: duckdb.DuckDBPyConnection) -> None:
    """What no API tells is ordered by what would be worst, in the sentence and in the list."""
    kinds = {kind.name: kind for kind in read_coverage(small, org="acme").unknown}
    order = dict(kinds["no_api_tells"].order)

    assert next(iter(order)) == "connected to a public repository"
    assert sum(order.values()) == kinds["no_api_tells"].subjects == 30
    assert kinds["could_not_read"].order == ()


def test_a_file_that_was_not_read_leaves_the_lists_whole() -> None:
    """One unreadable workflow makes the report incomplete, but asks for no other credential."""
    with synthetic.organization(Shape()) as con:
        con.execute(
            "update workflow_file set status = 'failed', reason = 'timeout' where repository_id = 1000"
        )
        report = read_report(con, org="acme")

    assert not report.coverage.complete
    assert report.coverage.lists_complete
    assert "incomplete" in report.summary.coverage_headline
    assert not any("credential, for" in sentence.text for sentence in report.summary.sentences)
