"""What a judgement hangs on beside the facts of its run, each as one digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from reports.catalog import Rule, rules_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """When one of these differs, the newest run has to be judged again."""

    rules: str
    waivers: str
    # Declared access and probe answers, which belong to no run.
    grants: str
    # Thresholds, and severities as the organization wants them.
    settings: str


def digests_now(
    con: duckdb.DuckDBPyConnection, *, org: str, rules: Iterable[Rule], waivers_digest: str = ""
) -> Digests:
    """Return the digests that a judgement made now would have."""
    return Digests(
        rules=rules_digest(rules),
        waivers=waivers_digest,
        grants=_rows_digest(con, ("declared_grant", "probe_answer"), org=org),
        settings=_rows_digest(con, ("setting", "severity_override"), org=None),
    )


def _rows_digest(con: duckdb.DuckDBPyConnection, tables: Sequence[str], *, org: str | None) -> str:
    """Return one digest of the rows of these tables, in whatever order they lie."""
    where = "where org = $org" if org is not None else ""
    rows = " union all ".join(
        f"select '{table}' as source, to_json({table})::varchar as line from {table} {where}"  # noqa: S608 - names of our own
        for table in tables
    )
    row = con.execute(
        f"""
        select sha256(coalesce(string_agg(concat(source, line), chr(10) order by source, line), ''))
        from ({rows})
        """,  # noqa: S608 - the same
        {"org": org} if org is not None else None,
    ).fetchone()
    return str(row[0]) if row else ""
