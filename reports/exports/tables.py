"""Export every verdict as JSON, JSON lines, CSV or Parquet."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from collector.errors import UsageError
from reports import queries
from reports.exports.records import FIELDS, SCHEMA_VERSION, json_lines, select_records
from reports.output import output_folder
from reports.pages_run import read_run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

# A spreadsheet runs a cell that starts like this (OWASP ASVS 1.2.10).
FORMULA: Final = re.compile(r"^[\s\ufeff]*[=+\-@\t\r|%]")


class Writer(Protocol):
    """What each format is: a function that writes an organization's verdicts."""

    def __call__(self, con: duckdb.DuckDBPyConnection, file: BinaryIO, *, org: str) -> None:
        """Write to a file that is open."""


def export_verdicts(con: duckdb.DuckDBPyConnection, *, org: str, form: str, out: Path) -> int:
    """Write every verdict of an organization's newest run to one file; return how many.

    Raises:
        UsageError: nobody knows the format.
        InventoryError: there is no published and judged run, or the file can't be written.
    """
    if form not in FORMATS:
        raise UsageError(
            f"There is no export format {form!r}.",
            hint=f"Choose one of {', '.join(sorted(FORMATS))}.",
        )
    read_run(con, org=org)
    if out.exists() and not out.is_file():
        # The file is put in place whole: a device or a pipe would be replaced by it.
        raise UsageError(f"{out} is no file.", hint="Name a file with --out.")
    with output_folder(out.parent) as folder, folder.open(out.name) as file:
        FORMATS[form](con, file, org=org)
    ((number,),) = queries.stream(con, "select count(*) from verdicts where org = ?", [org])
    return int(number)


def write_jsonl(con: duckdb.DuckDBPyConnection, file: BinaryIO, *, org: str) -> None:
    """Write one JSON object a line."""
    file.writelines(f"{line}\n".encode() for line in json_lines(con, org=org))


def write_json(con: duckdb.DuckDBPyConnection, file: BinaryIO, *, org: str) -> None:
    """Write one JSON list, one object a line."""
    file.write(b"[")
    for number, line in enumerate(json_lines(con, org=org)):
        file.write(b",\n" if number else b"\n")
        file.write(line.encode())
    file.write(b"\n]\n")


def write_csv(con: duckdb.DuckDBPyConnection, file: BinaryIO, *, org: str) -> None:
    """Write RFC 4180 with a byte order mark, no cell of which a spreadsheet runs."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(FIELDS)
    for row in queries.stream(con, select_records(), [org]):
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


def write_parquet(con: duckdb.DuckDBPyConnection, file: BinaryIO, *, org: str) -> None:
    """Write a typed, sorted, compressed table that names its run and schema."""
    run = read_run(con, org=org)
    metadata = {
        "schema_version": SCHEMA_VERSION,
        "run_id": run.run_id,
        "rules_digest": dict(run.digests)["rules"],
    }
    pairs = ", ".join(f"{name}: {literal(value)}" for name, value in metadata.items())
    # Without a temporary file of its own DuckDB writes into ours, which only the owner may read.
    con.execute(
        f"copy ({select_records().replace('?', literal(org))}) to {literal(str(file.name))} "
        f"(format parquet, compression zstd, use_tmp_file false, kv_metadata {{{pairs}}})"
    )


def literal(text: str) -> str:
    """Write a text as SQL does: COPY takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


FORMATS: Final[dict[str, Writer]] = {
    "csv": write_csv,
    "json": write_json,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
}
