"""What would change: run the rules again over tables that stand before the real ones, and compare.

Nothing is written: the changed tables are temporary, so a read-only connection serves, and every view over them
follows by itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports.evaluation import drop_temporary, evaluated
from reports.whatif_changes import apply_change
from reports.words import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from reports.catalog import Rule
    from reports.whatif_changes import Change

_TABLES: Final = (
    "package",
    "package_connection",
    "repository",
    "secret",
    "secret_repository",
    "declared_grant",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a rule says of a subject."""

    verdict: str
    severity: str | None
    reason_code: str | None
    evidence_level: str | None
    reason: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A verdict that would be another one; before or after is None where the subject is not judged."""

    rule: str
    subject: str
    before: Said | None
    after: Said | None

    @property
    def kind(self) -> str:
        """Say what it comes to: new, worse, unsure, better, fixed or other."""
        was, will = _severity_rank(self.before), _severity_rank(self.after)
        if will and not was:
            return "new"
        if was and will:
            return "worse" if will > was else "better" if will < was else "other"
        if self.after is not None and self.after.verdict == "unknown":
            return "unsure"
        return "fixed" if was else "other"


# New failures first: what a change breaks matters more than what it mends.
KINDS: Final = ("new", "worse", "unsure", "better", "fixed", "other")


def simulate(
    con: duckdb.DuckDBPyConnection,
    *,
    org: str,
    rules: Sequence[Rule],
    changes: Sequence[Change],
) -> tuple[Difference, ...]:
    """Return every verdict that would be another one, new failures first.

    Raises:
        UsageError: a change names what was not listed.
    """
    before = verdicts_now(con, org=org, rules=rules)
    with changed(con, org=org, changes=changes):
        after = verdicts_now(con, org=org, rules=rules)
    found = [
        Difference(rule=key[0], subject=key[1], before=before.get(key), after=after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    ]
    return tuple(sorted(found, key=_order))


@contextmanager
def changed(
    con: duckdb.DuckDBPyConnection, *, org: str, changes: Sequence[Change] = ()
) -> Iterator[None]:
    """Put changed tables before the real ones while the block runs.

    Raises:
        UsageError: a change names what was not listed.
    """
    row = con.execute("select current_database()").fetchone()
    database = str(row[0]).replace('"', '""') if row else ""
    try:
        for name in _TABLES:
            con.execute(
                f'create temp table {name} as from "{database}".main.{name} where org = ?',
                [org],
            )
        for change in changes:
            apply_change(con, org=org, change=change)
        yield
    finally:
        for name in _TABLES:
            drop_temporary(con, name)


def verdicts_now(
    con: duckdb.DuckDBPyConnection, *, org: str, rules: Sequence[Rule]
) -> Mapping[tuple[str, str], Said]:
    """Return what the rules say over what the connection shows, by rule and subject."""
    with evaluated(con, org=org, rules=rules) as table:
        rows = con.execute(
            f"select rule, subject, verdict, severity, reason_code, evidence_level, reason,"  # noqa: S608 - our own table
            f" evidence::varchar from temp.{table}"
        ).fetchall()
    return {
        (row[0], row[1]): Said(
            verdict=row[2],
            severity=row[3],
            reason_code=row[4],
            evidence_level=row[5],
            reason=row[6],
            evidence=row[7],
        )
        for row in rows
    }


def _severity_rank(said: Said | None) -> int:
    if said is None or said.verdict != "fail" or said.severity not in SEVERITIES:
        return 0
    return len(SEVERITIES) - SEVERITIES.index(said.severity)


def _order(found: Difference) -> tuple[int, int, str, str]:
    return KINDS.index(found.kind), -_severity_rank(found.after), found.rule, found.subject
