"""The auditor's workpaper: cover, population, findings, waivers, coverage, controls, and a sample to test."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import xlsxwriter

from reports import queries
from reports.exports.csv_set import COVERAGE, PARTS, coverage_rows, part_rows
from reports.exports.exported import Control, controls
from reports.exports.records import FIELDS, select_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

    from reports.exports.exported import Exported

# Excel's own limits: rows of a sheet and characters of a cell.
MOST_ROWS: Final = 1_048_576
LONGEST_CELL: Final = 32_767
TESTER: Final = ("Tester", "Date tested", "Evidence examined", "Result", "Notes")
SAMPLED: Final = ("rule", "subject", "verdict", "waived", "reason", "fingerprint")

_OPTIONS: Final = {
    # Rows go to disk as they come: a large organization fits no memory.
    "constant_memory": True,
    # Names come from outside: text is text, whatever it looks like.
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDTHS: Final = {"subject": 50, "reason": 70, "path": 40, "title": 60, "run_id": 30}


def write(exported: Exported, file: BinaryIO) -> None:
    """Write the workbook."""
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        # The file's own time would make every copy of the same run another file.
        created = datetime.strptime(exported.run.as_of, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - Excel knows no zones
        book.set_properties({"title": f"GitHub Packages of {exported.org}", "created": created})
        head = book.add_format({"bold": True, "bottom": 1})
        add_cover(book, head, exported)
        for name, condition in PARTS.items():
            add_table(book, head, name.capitalize(), FIELDS, part_rows(exported, condition))
        add_table(book, head, "Coverage", COVERAGE, coverage_rows(exported))
        add_table(book, head, "Controls", Control._fields, controls())
        add_table(book, head, "Sample", (*SAMPLED, *TESTER), sample_rows(exported))


def add_cover(book: Workbook, head: Format, exported: Exported) -> None:
    """Say of which run this is, and count what it holds."""
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 70)
    for number, (name, value) in enumerate(cover_rows(exported)):
        sheet.write(number, 0, name, head)
        sheet.write(number, 1, cell(value))


def cover_rows(exported: Exported) -> Iterator[tuple[str, object]]:
    """Yield what the cover says, line by line."""
    run = exported.run
    yield "Organization", run.org
    yield "Run", run.run_id
    yield "As of (UTC)", run.as_of
    yield "Collected from (UTC)", run.started_at
    yield "Collected until (UTC)", run.ended_at
    yield "Asked with", run.who
    yield "Made with", f"pkginventory {run.tool_version}"
    for name, digest in run.digests:
        yield f"SHA-256 of the {name}", digest
    for warning in run.warnings:
        yield "Warning", warning
    counted = exported.counts()
    yield "Population (all verdicts)", sum(count.number for count in counted)
    for verdict in ("pass", "fail", "unknown", "not_applicable"):
        yield f"of which {verdict}", sum(c.number for c in counted if c.verdict == verdict)
    yield "Waived (of the fails)", sum(count.number for count in counted if count.waived)
    yield "Sample", f"{exported.sample} drawn with seed {exported.seed!r}"
    yield (
        "How the sample is drawn",
        "The verdicts whose SHA-256 of seed:rule:fingerprint:subject is lowest.",
    )


def sample_rows(exported: Exported) -> Iterator[tuple[object, ...]]:
    """Yield the subjects drawn: anyone with the seed and the population draws the same."""
    fields = ", ".join(SAMPLED)
    sql = f"""
        select {fields} from ({select_records()})
        order by sha256(? || ':' || rule || ':' || fingerprint || ':' || subject)
        limit ?
    """  # noqa: S608 - own words
    return queries.stream(exported.con, sql, [exported.org, exported.seed, exported.sample])


def add_table(
    book: Workbook,
    head: Format,
    name: str,
    fields: Sequence[str],
    rows: Iterable[Iterable[object]],
) -> None:
    """Add a sheet, or as many as the rows need."""
    sheet, number, part = None, MOST_ROWS, 0
    for row in rows:
        if sheet is None or number >= MOST_ROWS:
            part, number = part + 1, 1
            sheet = new_sheet(book, head, name if part == 1 else f"{name} {part}", fields)
        for column, value in enumerate(row):
            sheet.write(number, column, cell(value))
        number += 1
    if sheet is None:
        new_sheet(book, head, name, fields)


def new_sheet(book: Workbook, head: Format, name: str, fields: Sequence[str]) -> Any:
    """Add a sheet with its head, which stays in sight."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, _WIDTHS.get(field, 18))
        sheet.write(0, column, field, head)
    return sheet


def cell(value: object) -> object:
    """Return what a cell may hold: a longer text ends with a sign that it was cut."""
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        return value[: LONGEST_CELL - 1] + "…"
    return value
