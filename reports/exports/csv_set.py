"""A folder of CSV files for auditors: the population, the findings, the waivers, and what was read."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, BinaryIO, Final

from reports import queries
from reports.exports.records import FIELDS, ORDER, select_records
from reports.exports.tables import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reports.exports.exported import Exported
    from reports.output import OutputFolder

# Every subject that a rule judged; those that failed, waived or not; those that are waived.
PARTS: Final = {"population": "true", "findings": "verdict = 'fail'", "waivers": "waived"}
COVERAGE: Final = ("family", "status", "reason", "subjects", "seen", "detail", "oldest")


def write(exported: Exported, folder: OutputFolder) -> None:
    """Write the four files."""
    for name, condition in PARTS.items():
        with folder.open(f"{name}.csv") as file:
            write_table(file, FIELDS, part_rows(exported, condition))
    with folder.open("coverage.csv") as file:
        write_table(file, COVERAGE, coverage_rows(exported))


def part_rows(exported: Exported, condition: str) -> Iterator[tuple[object, ...]]:
    """Yield the verdicts of which a condition holds, in the published order."""
    sql = f"select * from ({select_records()}) where {condition} order by {ORDER}"  # noqa: S608 - own words
    return queries.stream(exported.con, sql, [exported.org])


def coverage_rows(exported: Exported) -> Iterator[tuple[object, ...]]:
    """Yield what was asked for, family by family, and how much of it was read."""
    times = "* replace (strftime(oldest, '%Y-%m-%dT%H:%M:%SZ') as oldest)"
    sql = queries.of_org("summaries/family_coverage")
    fields = ", ".join(COVERAGE)
    return queries.stream(
        exported.con,
        f"select {fields} from (select {times} from ({sql})) order by all",  # noqa: S608 - own words
        [exported.org],
    )


def write_table(file: BinaryIO, head: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Write RFC 4180 with a byte order mark, no cell of which a spreadsheet runs."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(head)
    table.writerows(cells(row) for row in rows)
    text.flush()
    text.detach()
