"""The stored verdicts about one thing, worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports.asking import ask
from reports.explanations import Judged

if TYPE_CHECKING:
    import duckdb

# By which column of a verdict a thing is found.
_COLUMNS: Final = ("package", "repository", "secret", "path")


def judged_about(
    con: duckdb.DuckDBPyConnection, *, org: str, limit: int = 50, **about: str
) -> tuple[Judged, ...]:
    """Return what the rules say about a thing: fails first, then unknowns; no not_applicable."""
    wanted: dict[str, object] = {name: about[name] for name in _COLUMNS if name in about}
    conditions = " and ".join(f"{name} = ${name}" for name in wanted)
    rows = ask(
        con,
        f"""
        select rule, subject, verdict, severity, evidence_level, reason_code, reason, fingerprint, waived
        from verdicts
        where org = $org and verdict <> 'not_applicable' and {conditions}
        order by
            list_position(['fail', 'unknown', 'pass'], verdict),
            list_position(['critical', 'high', 'medium', 'low'], severity), rule, subject
        limit {int(limit)}
        """,  # noqa: S608 - column names of our own
        {"org": org, **wanted},
    )
    return tuple(Judged(**row) for row in rows)
