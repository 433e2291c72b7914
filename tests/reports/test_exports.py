"""Exports: equal counts in every format, and no formula in any cell."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import InventoryError, UsageError
from reports.exports.formats import FORMATS, export_verdicts
from reports.exports.records import FIELDS, one_line
from reports.exports.tables import cell
from tests.reports.exports_readers import READERS, counts


def test_an_unknown_format_names_those_there_are(
    tmp_path: Path, small: duckdb.DuckDBPyConnection
) -> None:
    """A wrong word is answered with the right ones."""
    with pytest.raises(UsageError, match="no export format 'pdf'") as caught:
        export_verdicts(small, org="acme", form="pdf", out=tmp_path / "x")

    assert caught.value.hint == f"Choose one of {', '.join(sorted(FORMATS))}."


def test_nothing_is_exported_of_an_organization_without_a_run(
    tmp_path: Path, small: duckdb.DuckDBPyConnection
) -> None:
    """No empty file pretends that there is nothing to say."""
    with pytest.raises(InventoryError):
        export_verdicts(small, org="nobody", form="csv", out=tmp_path / "x.csv")

    assert list(tmp_path.iterdir()) == []


# One file a repository, with nothing but open findings that have a line: its counts are its own.
PARTIAL = {"sarif-github"}


@pytest.mark.parametrize("form", sorted(FORMATS.keys() - PARTIAL))
def test_every_format_counts_the_same(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection, form: str
) -> None:
    """Counts per rule, verdict and waiver are those of the inventory, names of any kind included."""
    expected = Counter(
        {
            (rule, verdict, waived): number
            for rule, verdict, waived, number in hostile.execute(
                "select rule, verdict, waived, count(*) from verdicts where org = 'acme' group by all"
            ).fetchall()
        }
    )
    out = tmp_path / "verdicts"
    number = export_verdicts(hostile, org="acme", form=form, out=out)

    assert counts(out, form) == expected
    assert number == sum(expected.values())
    files = list(out.iterdir()) if out.is_dir() else [out]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_run_makes_the_same_bytes(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection, form: str
) -> None:
    """What is written twice is equal, so that a hash of it means something."""
    written = []
    for name in ("one", "two"):
        out = tmp_path / name
        export_verdicts(hostile, org="acme", form=form, out=out)
        files = sorted(out.iterdir()) if out.is_dir() else [out]
        written.append([(file.name if out.is_dir() else "", file.read_bytes()) for file in files])

    assert written[0] == written[1]


def test_every_format_has_a_writer_and_a_reader() -> None:
    """Each name in the table leads to a function, and each is read back here."""
    assert all(callable(known.writer) for known in FORMATS.values())
    assert READERS.keys() == FORMATS.keys() - PARTIAL


def test_csv_is_what_spreadsheets_read(tmp_path: Path, hostile: duckdb.DuckDBPyConnection) -> None:
    """A mark, CRLF, one head, and no cell that a spreadsheet would run."""
    out = tmp_path / "verdicts.csv"
    export_verdicts(hostile, org="acme", form="csv", out=out)
    data = out.read_bytes()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    assert data.startswith(b"\xef\xbb\xbf")
    assert tuple(rows[0]) == FIELDS
    assert not [c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text())
def test_a_cell_is_text_or_quoted_text(text: str) -> None:
    """A guarded cell is the text with one apostrophe before it."""
    assert cell(text) in (text, f"'{text}")
    assert not str(cell(text)).startswith(("=", "+", "-", "@", "\t", "\r", "|", "%"))


@pytest.mark.parametrize("text", ["npm:acme/x", "acme/shop", "a=b", "", "2026-11-23"])
def test_ordinary_text_needs_no_guard(text: str) -> None:
    """Keys stay as they are, so that they lead back to the record."""
    assert cell(text) == text


def test_parquet_says_of_which_run_it_is(tmp_path: Path, small: duckdb.DuckDBPyConnection) -> None:
    """The file's own metadata hold run, schema and rules."""
    out = tmp_path / "it's.parquet"
    export_verdicts(small, org="acme", form="parquet", out=out)
    metadata = dict(
        small.execute(
            "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(out)]
        ).fetchall()
    )

    assert metadata["run_id"] == "2026-11-23T020014Z-acme"
    assert metadata["schema_version"] == "1.1"


def test_no_character_ends_a_line_but_the_end_of_line() -> None:
    """Readers that split at Unicode's line ends get whole records."""
    text = one_line(json.dumps({"name": "a\u2028b\u2029c\u0085d"}, ensure_ascii=False))

    assert len(text.splitlines()) == 1
    assert json.loads(text) == {"name": "a\u2028b\u2029c\u0085d"}
