"""A past night: every view as it was then, and the spans of time through which evidence of access held."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.errors import UsageError
from reports.asking import ask
from reports.evaluation import drop_temporary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of evidence, and since and until when nights saw it.

    Attributes:
        since: the first night that saw it, or the day a person or a probe answered.
        until: the first night it was gone, or the day its answer expires; None: it still holds.
    """

    repository: str | None
    role: str
    polarity: str
    level: str
    kind: str
    since: datetime
    until: datetime | None


@contextmanager
def as_of(con: duckdb.DuckDBPyConnection, *, org: str, day: date | None) -> Iterator[None]:
    """Move every view to the last night of a day, or before it; None leaves them at the newest.

    Raises:
        UsageError: there was no run yet.
    """
    if day is None:
        yield
        return
    con.execute(
        """
        create temp table current_run as
        select
            org, run_id, coalesce(ended_at, started_at) as as_of, started_at, ended_at, edition, web_url, api_url
        from run
        where org = $org and status = 'published'
            and coalesce(ended_at, started_at) < $day::date + interval 1 day
        order by run_id desc
        limit 1
        """,
        {"org": org, "day": day},
    )
    try:
        if con.execute("select 1 from temp.current_run").fetchone() is None:
            first = con.execute(
                "select min(started_at)::date from run where org = ? and status = 'published'",
                [org],
            ).fetchone()
            began = f"Its first run was on {first[0]}." if first and first[0] else ""
            raise UsageError(f"No run of {org} is as old as {day}.", hint=began)
        yield
    finally:
        drop_temporary(con, "current_run")


def spans(con: duckdb.DuckDBPyConnection, *, org: str, package_id: int) -> tuple[Span, ...]:
    """Return the evidence that held in the night the views show, and since when, the oldest first."""
    rows = ask(
        con,
        """
        select
            history.repository, history.role, history.polarity, history.level, history.kind,
            min(history.since) as since,
            case when bool_or(history.until is null) then null else max(history.until) end as until
        from package_access_history as history
        join current_run using (org)
        where history.org = $org and history.package_id = $package
            and history.since <= current_run.as_of
            and (history.until is null or current_run.as_of < history.until)
        group by all
        order by since, history.kind, history.repository
        """,
        {"org": org, "package": package_id},
    )
    # A renamed or otherwise touched package begins a new interval: what held before it and still holds is one span.
    earlier = {
        (row["repository"], row["kind"], row["role"]): row["since"]
        for row in ask(
            con,
            "select repository, kind, role, min(since) as since from package_access_history"
            " where org = $org and package_id = $package group by all",
            {"org": org, "package": package_id},
        )
    }
    gone = _interrupted(con, org=org, package_id=package_id)
    return tuple(
        Span(**{**row, "since": _since(row, earlier=earlier, interrupted=gone)}) for row in rows
    )


def _since(
    row: dict[str, object],
    *,
    earlier: dict[tuple[object, object, object], datetime],
    interrupted: frozenset[tuple[object, object, object]],
) -> object:
    key = (row["repository"], row["kind"], row["role"])
    return row["since"] if key in interrupted else earlier.get(key, row["since"])


def _interrupted(
    con: duckdb.DuckDBPyConnection, *, org: str, package_id: int
) -> frozenset[tuple[object, object, object]]:
    """Find the evidence that once ended and began again later."""
    rows = ask(
        con,
        """
        select repository, kind, role
        from package_access_history
        where org = $org and package_id = $package
        qualify lag(until) over (partition by repository, kind, role order by since) < since
        """,
        {"org": org, "package": package_id},
    )
    return frozenset((row["repository"], row["kind"], row["role"]) for row in rows)
