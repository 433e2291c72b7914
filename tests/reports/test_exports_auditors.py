"""The workpaper and OSCAL: what auditors open."""

import json
import re
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from reports.exports import oscal, xlsx
from reports.exports.formats import export_verdicts
from tests.reports.exports_readers import sheet

SHEETS = ["Cover", "Population", "Findings", "Waivers", "Coverage", "Controls", "Sample"]


def workpaper(
    con: duckdb.DuckDBPyConnection, out: Path, *, sample: int = 0, seed: str = "0"
) -> Path:
    export_verdicts(con, org="acme", form="xlsx", out=out, sample=sample, seed=seed)
    return out


def test_no_cell_is_a_formula_or_a_link(tmp_path: Path, hostile: duckdb.DuckDBPyConnection) -> None:
    """Whatever a name looks like, it is text."""
    out = workpaper(hostile, tmp_path / "x.xlsx", sample=5)
    book = openpyxl.load_workbook(out)
    cells = [cell for page in book for row in page.iter_rows() for cell in row]

    assert book.sheetnames == SHEETS
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert not [cell for cell in cells if cell.hyperlink]


def test_the_same_seed_draws_the_same_sample(
    tmp_path: Path, small: duckdb.DuckDBPyConnection
) -> None:
    """Another auditor repeats the draw; another seed draws others; nobody has tested yet."""
    one, two, other = (
        sheet(workpaper(small, tmp_path / f"{n}.xlsx", sample=25, seed=seed), "Sample")
        for n, seed in enumerate(("a", "a", "b"))
    )

    assert len(one) == 25
    assert one == two != other
    assert {row[column] for row in one for column in xlsx.TESTER} == {None}


def test_the_cover_counts_what_the_sheets_hold(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """Population, fails and waived agree with the rows."""
    out = workpaper(hostile, tmp_path / "x.xlsx")
    cover = {row[0]: row[1] for row in openpyxl.load_workbook(out)["Cover"].values}

    assert cover["Population (all verdicts)"] == len(sheet(out, "Population"))
    assert cover["of which fail"] == len(sheet(out, "Findings"))
    assert cover["Waived (of the fails)"] == len(sheet(out, "Waivers"))


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(
    tmp_path: Path, small: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left out where Excel's limit is reached."""
    whole = sheet(workpaper(small, tmp_path / "a.xlsx"), "Population")
    monkeypatch.setattr(xlsx, "MOST_ROWS", 101)
    out = workpaper(small, tmp_path / "b.xlsx")
    names = [n for n in openpyxl.load_workbook(out).sheetnames if n.startswith("Population")]

    assert len(names) > 1
    assert [row for name in names for row in sheet(out, name)] == whole


def test_a_long_text_shows_that_it_was_cut() -> None:
    """A cell holds no more than Excel reads."""
    assert xlsx.cell("x" * xlsx.LONGEST_CELL) == "x" * xlsx.LONGEST_CELL
    assert xlsx.cell("x" * 40_000) == "x" * (xlsx.LONGEST_CELL - 1) + "…"
    assert xlsx.cell(7) == 7


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workpaper(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """It converts it without a word."""
    out = workpaper(hostile, tmp_path / "x.xlsx")
    command = ["soffice", "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(out)]
    subprocess.run(command, check=True, timeout=120)

    assert "acme" in (tmp_path / "x.csv").read_text()


def results(con: duckdb.DuckDBPyConnection, out: Path) -> dict[str, Any]:
    export_verdicts(con, org="acme", form="oscal", out=out)
    return dict(json.loads(out.read_text())["assessment-results"])


def test_oscal_makes_no_finding_of_what_is_unknown(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """Only pass and fail are decided; each finding rests on an observation, each waiver is a risk."""
    (result,) = results(hostile, tmp_path / "x.json")["results"]
    seen = {o["uuid"] for o in result["observations"]}
    states = [f["target"]["status"]["state"] for f in result["findings"]]
    (figures,) = hostile.execute(
        "select count(*) filter (verdict = 'pass'), count(*) filter (verdict = 'fail'),"
        " count(*) filter (waived) from verdicts"
    ).fetchall()

    assert (
        states.count("satisfied"),
        states.count("not-satisfied"),
        len(result["risks"]),
    ) == figures
    assert {f["related-observations"][0]["observation-uuid"] for f in result["findings"]} <= seen
    assert len(seen) == len(result["observations"])


def test_oscal_names_controls_as_the_catalog_does(
    tmp_path: Path, small: duckdb.DuckDBPyConnection
) -> None:
    """Lower case, enhancements after a full stop."""
    (result,) = results(small, tmp_path / "x.json")["results"]
    (chosen,) = result["reviewed-controls"]["control-selections"]
    names = [c["control-id"] for c in chosen["include-controls"]]

    assert oscal.control_id("SI-7(15)") == "si-7.15"
    assert "ac-3" in names
    assert all(re.fullmatch(r"[a-z]{2}-\d+(\.\d+)?", name) for name in names)
    assert uuid.UUID(result["uuid"]).version == 5


def test_compliance_trestle_reads_the_results(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """A reader made for OSCAL accepts the file."""
    trestle = pytest.importorskip("trestle.oscal.assessment_results")
    out = tmp_path / "x.json"
    results(hostile, out)

    assert trestle.AssessmentResults.oscal_read(out).results[0].observations
