"""What every export is made from: the run, its rules and controls, and the verdicts of the one view."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from collector import sqlfiles
from reports import queries
from reports.exports.records import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from reports.catalog import Rule
    from reports.pages_run import Run


class Control(NamedTuple):
    """A control of a framework that a rule's verdicts are evidence for."""

    framework: str
    version: str
    control: str
    title: str
    rule: str
    strength: str


class Count(NamedTuple):
    """How many verdicts of a kind there are."""

    rule: str
    verdict: str
    waived: bool
    number: int


@dataclass(frozen=True, slots=True)
class Exported:
    """An organization's newest run, as every format needs it.

    Attributes:
        con: the inventory.
        run: the run and its judgement.
        rules: the rules known here, by id.
        sample: how many subjects an auditor draws, 0 for none.
        seed: what makes the draw the same for everyone who repeats it.
    """

    con: duckdb.DuckDBPyConnection
    run: Run
    rules: Sequence[Rule]
    sample: int = 0
    seed: str = "0"

    @property
    def org(self) -> str:
        """Return the organization's login."""
        return self.run.org

    def records(self, *, verdict: str = "") -> Iterator[dict[str, Any]]:
        """Yield every verdict; nothing else may be asked of the connection meanwhile."""
        return records(self.con, org=self.org, verdict=verdict)

    def counts(self) -> list[Count]:
        """Count the verdicts per rule, verdict and waiver, in a fixed order."""
        sql = """
            select rule, verdict, waived, count(*) from verdicts where org = ?
            group by all order by all
        """
        return [Count(*row) for row in queries.stream(self.con, sql, [self.org])]

    def used_rules(self) -> list[str]:
        """Return the ids of the rules that judged something, in order."""
        sql = "select distinct rule from verdicts where org = ? order by rule"
        return [rule for (rule,) in queries.stream(self.con, sql, [self.org])]

    def rule(self, name: str) -> Rule | None:
        """Return a rule by its id; None where it is one this machine does not have."""
        return next((rule for rule in self.rules if rule.id == name), None)


@cache
def controls() -> tuple[Control, ...]:
    """Return the shipped controls, in the order of their file."""
    path = sqlfiles.rules_dir() / "controls.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Control(*(row[name] for name in Control._fields)) for row in csv.DictReader(file)
        )


@cache
def controls_of(rule: str) -> tuple[Control, ...]:
    """Return the controls that a rule is evidence for."""
    return tuple(control for control in controls() if control.rule == rule)
