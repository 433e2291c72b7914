"""Findings and unknowns as columns: the one table that all lists and pages of the report draw from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports import queries
from reports.pages_run import utc

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

FIELDS = (
    "rule",
    "fingerprint",
    "subject",
    "verdict",
    "reason_code",
    "severity",
    "evidence_level",
    "reason",
    "repository",
    "package",
    "path",
    "line",
    "registry",
    "credential",
    "secret",
    "hops",
    "first_seen",
    "waived",
    "visibility",
    "new",
)

# Most severe first, waived after open ones, oldest first; then whatever is always the same.
ORDER = "place, waived, first_seen nulls last, rule, subject, fingerprint"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of the static part, which is read without script."""

    rule: str
    fingerprint: str
    subject: str
    severity: str
    evidence_level: str
    reason: str
    repository: str
    first_seen: str
    waived: bool
    new: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """Findings, most severe and oldest first, then unknowns; one list a field, all of one length."""

    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(self.columns["rule"])

    def each(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield the named fields row by row."""
        return zip(*(self.columns[name] for name in names), strict=True)

    def worst(self, limit: int) -> tuple[FindingRow, ...]:
        """Return the first findings of the list that no waiver covers."""
        names = tuple(FindingRow.__dataclass_fields__)
        found: list[FindingRow] = []
        for verdict, *values in self.each("verdict", *names):
            if len(found) == limit or verdict != "fail":
                break
            fields: list[Any] = ["" if value is None else value for value in values]
            row = FindingRow(*fields)
            if not row.waived:
                found.append(row)
        return tuple(found)


def read_rows(con: duckdb.DuckDBPyConnection, *, org: str) -> Rows:
    """Read all findings and unknowns of an organization in the order of the report."""
    columns: dict[str, list[Any]] = {name: [] for name in FIELDS}
    appenders = [columns[name].append for name in FIELDS]
    sql = queries.of_org("summaries/report_rows", fields=", ".join(FIELDS), order=ORDER)
    for row in queries.stream(con, sql, [org]):
        for append, value in zip(appenders, row, strict=True):
            append(value)
    columns["first_seen"] = [utc(moment) for moment in columns["first_seen"]]
    return Rows(columns)
