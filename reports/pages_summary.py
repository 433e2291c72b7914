"""The first screen as data: sentences, tiles by severity, changes since the run before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import queries, words
from reports.pages_run import utc
from reports.pages_sentences import (
    Population,
    Sentence,
    detail,
    exposed,
    headline,
    not_known,
    what_next,
)

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from reports.pages_actions import Action
    from reports.pages_coverage import Coverage
    from reports.pages_rules import Equation, RulePage
    from reports.pages_run import Run


@dataclass(frozen=True, slots=True)
class SeverityTile:
    """Open findings of one severity."""

    severity: str
    open: int
    new: int
    packages: int
    repositories: int
    oldest: str
    oldest_days: int
    population: int

    @property
    def places(self) -> str:
        """Say how many packages, and repositories where no package is named, they speak of."""
        parts = []
        if self.packages:
            parts.append(f"{self.packages:,} of {words.count(self.population, 'package')}")
        if self.repositories:
            parts.append(words.count(self.repositories, "repository", "repositories"))
        return f"in {words.join(parts)}" if parts else ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to the findings since the run before; seven counts that are never mixed."""

    new: int
    worse: int
    better: int
    fixed: int
    gone: int
    not_examined: int
    rule_changed: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the first screen says."""

    coverage_headline: str
    coverage_detail: str
    sentences: tuple[Sentence, ...]
    severities: tuple[SeverityTile, ...]
    population: Population
    changes: Changes | None


def read_summary(
    con: duckdb.DuckDBPyConnection,
    *,
    run: Run,
    coverage: Coverage,
    rules: tuple[RulePage, ...],
    equation: Equation,
    actions: tuple[Action, ...],
) -> Summary:
    """Put the first screen together."""
    population = Population(**(queries.row(con, "summaries/population", org=run.org) or {}))
    changed = queries.row(con, "summaries/changes", org=run.org) if run.baseline_run_id else None
    return Summary(
        coverage_headline=headline(coverage),
        coverage_detail=detail(coverage),
        sentences=(
            exposed(rules, equation, coverage, population),
            not_known(coverage),
            what_next(equation, coverage, actions),
        ),
        severities=read_severities(con, run=run, population=population),
        population=population,
        changes=Changes(**changed) if changed else None,
    )


def read_severities(
    con: duckdb.DuckDBPyConnection, *, run: Run, population: Population
) -> tuple[SeverityTile, ...]:
    """Read the open findings by severity, with the age of the oldest at the end of the run."""
    found = {
        row["severity"]: row for row in queries.rows(con, "summaries/severity_counts", org=run.org)
    }
    return tuple(
        SeverityTile(
            severity=severity,
            open=row.get("open", 0),
            new=row.get("new", 0),
            packages=row.get("packages", 0),
            repositories=row.get("repositories", 0),
            oldest=utc(row.get("oldest")),
            oldest_days=age(row.get("oldest"), row.get("as_of")),
            population=population.packages,
        )
        for severity in words.SEVERITIES
        for row in [found.get(severity, {})]
    )


def age(oldest: datetime | None, as_of: datetime | None) -> int:
    """Return whole days between two stored times."""
    return (as_of - oldest).days if oldest and as_of else 0
