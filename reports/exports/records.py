"""The fields of an exported verdict, in their published order: every format draws from this one view."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from reports import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

# A field that comes is a minor version, one that goes or changes its meaning a major one.
SCHEMA_VERSION: Final = "1.1"

ORDER: Final = "rule, subject, fingerprint"

FIELDS: Final = (
    "schema_version",
    "run_id",
    "org",
    "rule",
    "verdict",
    "reason_code",
    "severity",
    "evidence_level",
    "subject",
    "reason",
    "fingerprint",
    "first_seen",
    "waived",
    "repository",
    "package",
    "path",
    "line",
    "registry",
    "credential",
    "secret",
    "hops",
    "waiver_id",
)


def select_records(*, verdict: str = "") -> str:
    """Return the SELECT of all fields, of one verdict where one is named, in a fixed order.

    It has one parameter, the organization.
    """
    fields = f"'{SCHEMA_VERSION}' as schema_version, {', '.join(FIELDS[1:])}"
    only = f"verdict = '{verdict}'" if verdict else "true"
    return queries.of_org("exports/records", fields=fields, order=ORDER, only=only)


def json_lines(con: duckdb.DuckDBPyConnection, *, org: str, verdict: str = "") -> Iterator[str]:
    """Yield one JSON text a verdict, without the line's end."""
    pairs = ", ".join(f"'{field}', {field}" for field in FIELDS)
    sql = f"select json_object({pairs})::varchar from ({select_records(verdict=verdict)})"  # noqa: S608 - own words
    for (line,) in queries.stream(con, f"{sql} order by {ORDER}", [org]):
        yield one_line(line)


def records(
    con: duckdb.DuckDBPyConnection, *, org: str, verdict: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield every verdict as a record whose hops are read; nothing else may be asked meanwhile."""
    for row in queries.stream(con, select_records(verdict=verdict), [org]):
        record = dict(zip(FIELDS, row, strict=True))
        record["hops"] = json.loads(record["hops"] or "[]")
        yield record


def one_line(text: str) -> str:
    """Escape the characters that some readers take for the end of a line."""
    for char in ("\u0085", "\u2028", "\u2029"):
        if char in text:
            text = text.replace(char, f"\\u{ord(char):04x}")
    return text
