"""The whole report as plain data: read once from the views, then rendered and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.island import Advice, Island, build_island
from reports.pages_actions import Action, group_actions
from reports.pages_coverage import Coverage, read_coverage
from reports.pages_objects import read_objects
from reports.pages_owners import OwnerRow, assign_owners, count_owners, read_owners
from reports.pages_rows import FindingRow, read_rows
from reports.pages_rules import Equation, RulePage, add_up, read_rules
from reports.pages_run import Run, read_run
from reports.pages_summary import Summary, read_summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from reports.catalog import Rule
    from reports.pages_rows import Rows
    from reports.remedies import GrantAdvice

STATIC_FINDINGS = 50
TOP_ACTIONS = 5
TOP_OWNERS = 8


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the report says."""

    run: Run
    summary: Summary
    coverage: Coverage
    rules: tuple[RulePage, ...]
    equation: Equation
    actions: tuple[Action, ...]
    owners: tuple[OwnerRow, ...]
    worst: tuple[FindingRow, ...]
    # Figures for the navigation: findings and unknowns in the table, and what else has pages.
    sizes: dict[str, int]
    island: Island


def read_report(
    con: duckdb.DuckDBPyConnection,
    *,
    org: str,
    rules: Iterable[Rule] = (),
    advice: Sequence[GrantAdvice] = (),
) -> Report:
    """Read the report of an organization's newest published run.

    Args:
        con: a connection with the views.
        org: the organization's login.
        rules: the heads of the rules.
        advice: what was tried before it is advised, to stand beside the logins it is about.
    """
    run = read_run(con, org=org)
    coverage = read_coverage(con, org=org)
    pages = read_rules(con, org=org, heads=rules)
    equation = add_up(pages)
    rows = read_rows(con, org=org)
    objects = read_objects(con, org=org)
    assign_owners(rows, objects, read_owners(con, org=org))
    actions, action_of = group_actions(rows)
    return Report(
        run=run,
        summary=read_summary(
            con, run=run, coverage=coverage, rules=pages, equation=equation, actions=actions
        ),
        coverage=coverage,
        rules=pages,
        equation=equation,
        actions=actions[:TOP_ACTIONS],
        owners=count_owners(rows)[:TOP_OWNERS],
        worst=rows.worst(STATIC_FINDINGS),
        sizes={name: len(table) for name, table in objects.tables.items()},
        island=build_island(
            run=run,
            rules=pages,
            actions=actions,
            action_of=action_of,
            rows=rows,
            objects=objects,
            advice=advice_of(rows, advice),
        ),
    )


def advice_of(rows: Rows, advice: Sequence[GrantAdvice]) -> dict[int, Advice]:
    """Return what to do, or to decide, about each row that PKG002 found."""
    by_login: dict[str, Advice] = {}
    for item in advice:
        for login in item.logins:
            found = by_login.setdefault(login, Advice())
            found.lines.append(item.sentence)
            found.instead = found.instead or item.exposes
    return {
        index: by_login[subject]
        for index, (rule, verdict, subject) in enumerate(rows.each("rule", "verdict", "subject"))
        if rule == "PKG002" and verdict == "fail" and subject in by_login
    }
