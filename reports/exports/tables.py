"""Export every verdict as JSON, JSON lines, CSV or Parquet."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, BinaryIO, Final

from reports import queries
from reports.exports.records import FIELDS, SCHEMA_VERSION, json_lines, select_records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.exports.exported import Exported

# A spreadsheet runs a cell that starts like this (OWASP ASVS 1.2.10).
FORMULA: Final = re.compile(r"^[\s\ufeff]*[=+\-@\t\r|%]")


def write_jsonl(exported: Exported, file: BinaryIO) -> None:
    """Write one JSON object a line."""
    file.writelines(f"{line}\n".encode() for line in json_lines(exported.con, org=exported.org))


def write_json(exported: Exported, file: BinaryIO) -> None:
    """Write one JSON list, one object a line."""
    file.write(b"[")
    for number, line in enumerate(json_lines(exported.con, org=exported.org)):
        file.write(b",\n" if number else b"\n")
        file.write(line.encode())
    file.write(b"\n]\n")


def write_csv(exported: Exported, file: BinaryIO) -> None:
    """Write RFC 4180 with a byte order mark, no cell of which a spreadsheet runs."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(FIELDS)
    for row in queries.stream(exported.con, select_records(), [exported.org]):
        rows.writerow(cells(row))
    text.flush()
    text.detach()


def cells(row: Iterable[object]) -> list[object]:
    """Return a row's cells for a spreadsheet."""
    return [cell(value) for value in row]


def cell(value: object) -> object:
    """Return a value as a spreadsheet may hold it: text that looks like a formula is quoted."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and FORMULA.match(value):
        return f"'{value}"
    return value


def write_parquet(exported: Exported, file: BinaryIO) -> None:
    """Write a typed, sorted, compressed table that names its run and schema."""
    run = exported.run
    metadata = {
        "schema_version": SCHEMA_VERSION,
        "run_id": run.run_id,
        "rules_digest": dict(run.digests)["rules"],
    }
    pairs = ", ".join(f"{name}: {literal(value)}" for name, value in metadata.items())
    # Without a temporary file of its own DuckDB writes into ours, which only the owner may read.
    exported.con.execute(
        f"copy ({select_records().replace('?', literal(exported.org))}) to {literal(str(file.name))} "
        f"(format parquet, compression zstd, use_tmp_file false, kv_metadata {{{pairs}}})"
    )


def literal(text: str) -> str:
    """Write a text as SQL does: COPY takes no parameters."""
    return "'" + text.replace("'", "''") + "'"
