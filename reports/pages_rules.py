"""One row a rule: its equation, what it looks for, why it matters and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from reports import queries, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb


class RuleHead(Protocol):
    """What the report needs of a rule's file: its head and its SQL."""

    @property
    def id(self) -> str:
        """Return the bare id, PKG001."""

    @property
    def title(self) -> str:
        """Return the rule's title."""

    @property
    def severity(self) -> str:
        """Return the severity that the head names."""

    @property
    def subject(self) -> str:
        """Return the one kind of subject that the rule has."""

    @property
    def population(self) -> str:
        """Return which subjects are judged."""

    @property
    def description(self) -> str:
        """Return what the rule looks for."""

    @property
    def why(self) -> str:
        """Return why it matters."""

    @property
    def fails_when(self) -> str:
        """Return when a subject fails."""

    @property
    def passes_when(self) -> str:
        """Return when a subject passes."""

    @property
    def unknown_when(self) -> str:
        """Return when it can't be told."""

    @property
    def not_applicable_when(self) -> str:
        """Return when the rule has no meaning for a subject."""

    @property
    def remediation(self) -> str:
        """Return what mends a finding."""

    @property
    def references(self) -> Sequence[str]:
        """Return titles of GitHub's documentation pages."""

    @property
    def sql(self) -> str:
        """Return the SELECT that judges."""


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
    con: duckdb.DuckDBPyConnection, *, org: str, heads: Iterable[RuleHead]
) -> tuple[RulePage, ...]:
    """Read the counts of every rule that judged or could have, those with a head and those without."""
    counts = {row["rule"]: row for row in queries.rows(con, "summaries/rule_counts", org=org)}
    known = {head.id: head for head in heads}
    pages = [rule_page(rule, known.get(rule), counts.get(rule, {})) for rule in {*counts, *known}]
    return tuple(sorted(pages, key=lambda page: (page.rank, page.id)))


def rule_page(rule: str, head: RuleHead | None, counts: dict[str, Any]) -> RulePage:
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
        **{name: int(counts.get(name, 0)) for name in (*COUNTS, *words.SEVERITIES)},
    )


def add_up(rules: Iterable[RulePage]) -> Equation:
    """Add the counts of all rules."""
    pages = list(rules)
    return Equation(**{name: sum(getattr(page, name) for page in pages) for name in COUNTS})
