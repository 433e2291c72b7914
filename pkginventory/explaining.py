"""Explain one subject, and try changes: one read-only look at the inventory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.errors import UsageError
from collector.store import open_inventory
from pkginventory.judging import rules_of
from reports.explain import FORMS, explain
from reports.history import as_of
from reports.whatif import Difference, simulate
from reports.whatif_changes import parse_change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pkginventory.settings import Settings
    from reports.explanations import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An answer, and what changes would make of the verdicts."""

    explanation: Explanation | None
    changes: tuple[str, ...]
    differences: tuple[Difference, ...]


def explain_one(
    settings: Settings,
    org: str,
    *,
    subject: str | None,
    changes: Sequence[str] = (),
    day: date | None = None,
) -> Explained:
    """Explain a subject, or try changes, or both.

    Raises:
        UsageError: there is nothing to explain, or no such thing.
    """
    if subject is None and not changes:
        raise UsageError("Explain what?", hint=f"Name {FORMS}, or give --what-if.")
    wanted = [parse_change(text) for text in changes]
    rules = rules_of(settings)
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        explanation = (
            explain(con, subject, org=org, rules=rules, day=day) if subject is not None else None
        )
        differences: tuple[Difference, ...] = ()
        if wanted:
            with as_of(con, org=org, day=day):
                differences = simulate(con, org=org, rules=rules, changes=wanted)
    return Explained(
        explanation=explanation,
        changes=tuple(str(change) for change in wanted),
        differences=differences,
    )
