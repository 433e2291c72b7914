"""What happened to the findings between two judgements: seven ways that are never mixed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from collector.errors import UsageError
from reports import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

KINDS: Final = ("new", "worse", "better", "fixed", "gone", "not_examined", "rule_changed")
# In the order in which a person wants to read them.


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement that a comparison begins or ends with."""

    judgement_id: str
    run_id: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One finding and what became of it."""

    change: str
    rule: str
    subject: str
    fingerprint: str
    severity_before: str | None
    severity_now: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two judgements and every finding that differs between them."""

    before: Judged
    now: Judged
    counts: dict[str, int]
    changes: tuple[Change, ...]


def compare(
    con: duckdb.DuckDBPyConnection, *, org: str, before: str | None = None, now: str | None = None
) -> Comparison | None:
    """Compare two judgements of an organization; None where there is nothing to compare with.

    Args:
        con: a connection with the views; it may be read-only.
        org: the organization's login.
        before: a run's id or a date, of which the newest judgement counts; else the run before.
        now: the same; else the newest run.

    Raises:
        UsageError: there is no such run, or none that early.
    """
    later = find(con, org=org, named=now) if now else _newest(con, org=org)
    if later is None:
        raise UsageError(
            f"There is no judged run of {org}.", hint=f"Run pkginventory report --org {org} first."
        )
    earlier = (
        find(con, org=org, named=before) if before else _before(con, org=org, run=later.run_id)
    )
    if earlier is None:
        return None
    with compared(con, org=org, before=earlier, now=later):
        counts = queries.row(con, "summaries/changes", org=org) or {}
        changes = tuple(Change(*row) for row in con.execute(_LIST, [org]).fetchall())
    return Comparison(earlier, later, {kind: counts.get(kind, 0) for kind in KINDS}, changes)


_LIST: Final = """
select change, rule, subject, fingerprint, severity_before, severity_now, reason
from finding_changes
where org = ? and change <> 'unchanged'
order by
    list_position(['new', 'worse', 'better', 'fixed', 'gone', 'not_examined', 'rule_changed'], change),
    list_position(['critical', 'high', 'medium', 'low'], coalesce(severity_now, severity_before)),
    rule, subject
"""
_JUDGED: Final = """
select judgement_id, run_id, as_of from judgement
where org = $org and {condition}
order by judgement_id desc limit 1
"""


@contextmanager
def compared(
    con: duckdb.DuckDBPyConnection, *, org: str, before: Judged, now: Judged
) -> Iterator[None]:
    """Let the views tell the changes between these two judgements, of this organization alone."""
    con.execute(
        "create or replace temp table compared_judgements as"
        " select $org::varchar as org, $before::varchar as from_judgement,"
        " $now::varchar as to_judgement",
        {"org": org, "before": before.judgement_id, "now": now.judgement_id},
    )
    try:
        yield
    finally:
        con.execute("drop table if exists temp.compared_judgements")


def find(con: duckdb.DuckDBPyConnection, *, org: str, named: str) -> Judged:
    """Return the newest judgement of a run, or of the newest run that had ended by a date.

    Raises:
        UsageError: there is none.
    """
    try:
        day = datetime.strptime(named, "%Y-%m-%d")  # noqa: DTZ007 - the store's times are UTC
    except ValueError:
        found = _judged(con, "run_id = $named", org=org, named=named)
    else:
        found = _judged(con, "as_of < $named", org=org, named=day + timedelta(days=1))
    if found is None:
        raise UsageError(
            f"There is no judged run {named!r} of {org}, nor one of that date or before.",
            hint="Name a run's id, as the report shows it, or a date such as 2026-11-23.",
        )
    return found


def _newest(con: duckdb.DuckDBPyConnection, *, org: str) -> Judged | None:
    return _judged(con, "run_id in (select run_id from current_run where org = $org)", org=org)


def _before(con: duckdb.DuckDBPyConnection, *, org: str, run: str) -> Judged | None:
    return _judged(con, "run_id < $named", org=org, named=run)


def _judged(
    con: duckdb.DuckDBPyConnection, condition: str, *, org: str, named: str | datetime | None = None
) -> Judged | None:
    parameters = {"org": org} if named is None else {"org": org, "named": named}
    row = con.execute(_JUDGED.format(condition=condition), parameters).fetchone()
    return Judged(*row) if row else None
