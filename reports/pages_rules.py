"""One row a rule: its equation, what it looks for, why it matters and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports import queries, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from reports.catalog import Rule


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule with its counts; population = passed + failed + unknown + not_applicable."""

    id: str
    title: str
    severity: str
    subject: str
    population_text: str
    description: str
    why: str
    # When each verdict holds, in the order of the equation: (verdict, sentence).
    verdicts_when: tuple[tuple[str, str], ...]
    remediation: str
    references: tuple[str, ...]
    sql: str
    is_users: bool
    population: int
    passed: int
    failed: int
    unknown: int
    not_applicable: int
    waived: int
    critical: int
    high: int
    medium: int
    low: int

    @property
    def open(self) -> int:
        """Return the findings that no waiver covers."""
        return self.failed - self.waived

    @property
    def rank(self) -> tuple[int, ...]:
        """Return the place in the list by rule: most severe open findings first."""
        return (-self.critical, -self.high, -self.medium, -self.low, -self.unknown)


@dataclass(frozen=True, slots=True)
class Equation:
    """The counts of all rules together; the four verdicts always add up to the population."""

    population: int
    passed: int
    failed: int
    unknown: int
    not_applicable: int
    waived: int

    @property
    def open(self) -> int:
        """Return the findings that no waiver covers."""
        return self.failed - self.waived

    @property
    def shares(self) -> tuple[tuple[str, int], ...]:
        """Return the four verdicts with their counts, in the order of the equation."""
        return (
            ("fail", self.failed),
            ("unknown", self.unknown),
            ("pass", self.passed),
            ("not_applicable", self.not_applicable),
        )


COUNTS = ("population", "passed", "failed", "unknown", "not_applicable", "waived")


def read_rules(
    con: duckdb.DuckDBPyConnection, *, org: str, heads: Iterable[Rule]
) -> tuple[RulePage, ...]:
    """Read the counts of every rule that judged or could have, those with a head and those without."""
    counts = {row["rule"]: row for row in queries.rows(con, "summaries/rule_counts", org=org)}
    known = {head.id: head for head in heads}
    pages = [rule_page(rule, known.get(rule), counts.get(rule, {})) for rule in {*counts, *known}]
    return tuple(sorted(pages, key=lambda page: (page.rank, page.id)))


def rule_page(rule: str, head: Rule | None, counts: dict[str, Any]) -> RulePage:
    """Put a rule's head and its counts together; a rule without a head has its id for a title."""

    def said(field: str) -> str:
        return str(getattr(head, field, "") or "")

    return RulePage(
        id=rule,
        title=said("title") or rule,
        severity=said("severity"),
        subject=said("subject"),
        population_text=said("population"),
        description=said("description"),
        why=said("why"),
        verdicts_when=tuple(
            (verdict, said(field))
            for verdict, field in (
                ("fail", "fails_when"),
                ("pass", "passes_when"),
                ("unknown", "unknown_when"),
                ("not_applicable", "not_applicable_when"),
            )
            if said(field)
        ),
        remediation=said("remediation"),
        references=tuple(head.references) if head else (),
        sql=said("sql"),
        is_users=head.is_users if head else False,
        **{name: int(counts.get(name, 0)) for name in (*COUNTS, *words.SEVERITIES)},
    )


def add_up(rules: Iterable[RulePage]) -> Equation:
    """Add the counts of all rules."""
    pages = list(rules)
    return Equation(**{name: sum(getattr(page, name) for page in pages) for name in COUNTS})
