"""The CSV set, OCSF, in-toto and the published JSON Schema."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import jsonschema_rs
import pytest

import reports.exports
from reports.exports.formats import export_verdicts
from reports.exports.records import FIELDS, SCHEMA_VERSION

SCHEMA = Path(reports.exports.__file__).parent / "schema" / "verdict-1.json"


def lines(con: duckdb.DuckDBPyConnection, tmp_path: Path, form: str) -> list[dict[str, Any]]:
    out = tmp_path / f"x.{form}"
    export_verdicts(con, org="acme", form=form, out=out)
    return [json.loads(line) for line in out.read_text().splitlines()]


@pytest.mark.parametrize("fixture", ["small", "denied", "hostile"])
def test_every_line_is_as_the_schema_says(
    tmp_path: Path, fixture: str, request: pytest.FixtureRequest
) -> None:
    """The published schema describes what is written."""
    schema = json.loads(SCHEMA.read_text())
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema)
    records = lines(request.getfixturevalue(fixture), tmp_path, "jsonl")

    assert records
    assert [error.message for r in records for error in validator.iter_errors(r)] == []


def test_the_schema_names_every_field_and_this_version() -> None:
    """A field can't come or go without its line in the schema."""
    schema = json.loads(SCHEMA.read_text())

    assert tuple(schema["properties"]) == tuple(schema["required"]) == FIELDS
    assert schema["$id"].endswith(f":{SCHEMA_VERSION}")


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "maybe"},
        {"severity": None},
        {"line": 0},
        {"waived": True, "waiver_id": None},
        {"first_seen": "yesterday"},
    ],
)
def test_the_schema_refuses_what_is_no_verdict(
    tmp_path: Path, small: duckdb.DuckDBPyConnection, change: dict[str, Any]
) -> None:
    """A schema that accepts everything says nothing."""
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    record = next(r for r in lines(small, tmp_path, "jsonl") if r["verdict"] == "fail")

    assert validator.is_valid(record)
    assert not validator.is_valid({**record, **change})


def test_an_unknown_is_no_pass_in_ocsf(tmp_path: Path, denied: duckdb.DuckDBPyConnection) -> None:
    """It has the status that means missing information, and its reason."""
    events = lines(denied, tmp_path, "ocsf")
    unknown = [e for e in events if e["unmapped"]["verdict"] == "unknown"]

    assert unknown
    assert {e["compliance"]["status_id"] for e in unknown} == {2}
    assert all(e["status_code"] for e in unknown)


def test_ocsf_counts_milliseconds(tmp_path: Path, small: duckdb.DuckDBPyConnection) -> None:
    """Seconds would put every event into January 1970."""
    events = lines(small, tmp_path, "ocsf")

    assert all(e["time"] > 10**12 for e in events)
    assert all(e["type_uid"] == e["class_uid"] * 100 + e["activity_id"] for e in events)
    assert all(e["finding_info"]["first_seen_time"] <= e["time"] for e in events)
    assert all(e["compliance"]["standards"] for e in events)


def test_the_statements_are_about_the_lines_as_they_are_written(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """The subject's digest is that of the JSON lines export of the same run."""
    statements = lines(hostile, tmp_path, "intoto")
    out = tmp_path / "verdicts.jsonl"
    export_verdicts(hostile, org="acme", form="jsonl", out=out)

    for statement in statements:
        assert statement["_type"] == "https://in-toto.io/Statement/v1"
        digest = statement["subject"][0]["digest"]["sha256"]
        assert digest == hashlib.sha256(out.read_bytes()).hexdigest()


def test_a_waived_or_unknown_subject_is_a_warning(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """Neither counts as passed; what is open makes the result a failure."""
    result = lines(hostile, tmp_path, "intoto")[0]["predicate"]
    ((warned, failed),) = hostile.execute(
        "select count(*) filter (verdict = 'unknown' or waived),"
        " count(*) filter (verdict = 'fail' and not waived) from verdicts"
    ).fetchall()

    assert result["result"] == "FAILED"
    assert (len(result["warnedTests"]), len(result["failedTests"])) == (warned, failed)


def test_the_csv_set_holds_the_findings_and_waivers_apart(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """Findings are the fails, waivers the waived of them, coverage is there too."""
    out = tmp_path / "set"
    export_verdicts(hostile, org="acme", form="csv-set", out=out)
    tables = {
        file.stem: list(
            csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""))
        )
        for file in out.iterdir()
    }

    assert tables.keys() == {"population", "findings", "waivers", "coverage"}
    fails = [row for row in tables["population"] if row["verdict"] == "fail"]
    assert tables["findings"] == fails
    assert tables["waivers"] == [row for row in fails if row["waived"] == "true"]
    assert {"packages", "repositories"} <= {row["family"] for row in tables["coverage"]}
