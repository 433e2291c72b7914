"""Read the exports back, most of them with readers that are not ours."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
from junitparser import Error, JUnitXml, Skipped
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

Counts = Counter[tuple[str, str, bool]]
_KINDS = {"open": "unknown", "notApplicable": "not_applicable", "pass": "pass", "fail": "fail"}


def counts(path: Path, form: str) -> Counts:
    """Count an export's verdicts per rule, verdict and waiver."""
    return Counter(READERS[form](path))


def _records(rows: Any) -> list[tuple[str, str, bool]]:
    return [(row["rule"], row["verdict"], row["waived"] in (True, "true")) for row in rows]


def _csv(path: Path) -> list[tuple[str, str, bool]]:
    text = path.read_text(encoding="utf-8-sig")
    return _records(csv.DictReader(io.StringIO(text, newline="")))


def _jsonl(path: Path) -> list[tuple[str, str, bool]]:
    return _records(json.loads(line) for line in path.read_text().split("\n") if line)


def _sarif(path: Path) -> list[tuple[str, str, bool]]:
    results = json.loads(path.read_text())["runs"][0]["results"]
    return [(r["ruleId"], _KINDS[r["kind"]], bool(r.get("suppressions"))) for r in results]


def _junit(path: Path) -> list[tuple[str, str, bool]]:
    found = []
    for case in (case for suite in JUnitXml.fromfile(str(path)) for case in suite):
        marks = list(case.result)
        verdict, waived = _outcome(marks[0]) if marks else ("pass", False)
        found.append((case.classname, verdict, waived))
    return found


def _outcome(mark: Any) -> tuple[str, bool]:
    if isinstance(mark, Skipped):
        return ("fail", True) if mark.type == "waived" else ("not_applicable", False)
    return ("unknown", False) if isinstance(mark, Error) else ("fail", False)


def _markdown(path: Path) -> Counts:
    rows = re.findall(
        r"^\| (\w+) \| (\w+) \| (yes|no) \| (\d+) \|$", path.read_text(), re.MULTILINE
    )
    return Counter({(rule, verdict, waived == "yes"): int(n) for rule, verdict, waived, n in rows})


def _ocsf(path: Path) -> list[tuple[str, str, bool]]:
    found = []
    for line in path.read_text().splitlines():
        event = ComplianceFinding.model_validate_json(line)
        assert event.compliance.status_id is not None
        verdict = {1: "pass", 2: "unknown", 3: "fail"}.get(
            event.compliance.status_id.value, "not_applicable"
        )
        found.append((str(event.compliance.control), verdict, event.status == "Suppressed"))
    return found


def _intoto(path: Path) -> Counts:
    audit = json.loads(path.read_text().splitlines()[1])["predicate"]
    return Counter({(c["rule"], c["verdict"], c["waived"]): c["number"] for c in audit["counts"]})


def _oscal(path: Path) -> list[tuple[str, str, bool]]:
    (result,) = json.loads(path.read_text())["assessment-results"]["results"]
    seen = [{p["name"]: p["value"] for p in o["props"]} for o in result["observations"]]
    return [(p["rule"], p["verdict"], p["waived"] == "true") for p in seen]


def sheet(path: Path, name: str) -> list[dict[str, Any]]:
    """Read a sheet of a workbook, cell by the head of its column."""
    with path.open("rb") as file:
        head, *rows = openpyxl.load_workbook(file, read_only=True)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


READERS: dict[str, Any] = {
    "csv": _csv,
    "csv-set": lambda path: _csv(path / "population.csv"),
    "intoto": _intoto,
    "json": lambda path: _records(json.loads(path.read_text())),
    "jsonl": _jsonl,
    "junit": _junit,
    "markdown": _markdown,
    "ocsf": _ocsf,
    "oscal": _oscal,
    "parquet": lambda path: _records(pl.read_parquet(path).to_dicts()),
    "sarif": _sarif,
    "xlsx": lambda path: _records(sheet(path, "Population")),
}
