"""SARIF: valid, complete in the full profile, acceptable to code scanning in the other."""

import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sarif_pydantic import Sarif

from reports.exports import sarif_github
from reports.exports.formats import export_verdicts


def full(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> dict[str, Any]:
    out = tmp_path / "x.sarif"
    export_verdicts(con, org="acme", form="sarif", out=out)
    Sarif.model_validate_json(out.read_bytes())
    return dict(json.loads(out.read_text()))


def github(con: duckdb.DuckDBPyConnection, out: Path) -> list[dict[str, Any]]:
    export_verdicts(con, org="acme", form="sarif-github", out=out)
    for file in out.iterdir():
        Sarif.model_validate_json(file.read_bytes())
        assert len(gzip.compress(file.read_bytes())) < 10_000_000
    return [json.loads(file.read_text())["runs"][0] for file in sorted(out.iterdir())]


def test_only_a_failed_verdict_has_a_level(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """A pass, an unknown and what does not apply alarm nobody."""
    results = full(hostile, tmp_path)["runs"][0]["results"]

    assert {r["level"] for r in results if r["kind"] != "fail"} == {"none"}
    assert all(r["level"] != "none" for r in results if r["kind"] == "fail")


def test_a_waiver_is_a_suppression_that_names_it(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """What is accepted stays in the file, and says by what."""
    run = full(hostile, tmp_path)["runs"][0]
    waived = [r["suppressions"] for r in run["results"] if "suppressions" in r]

    assert len(waived) == 19
    assert all(w[0]["justification"] and w[0]["status"] == "accepted" for w in waived)


def test_rules_point_to_controls_that_the_file_holds(
    tmp_path: Path, small: duckdb.DuckDBPyConnection
) -> None:
    """Every relationship leads to a taxon."""
    run = full(small, tmp_path)["runs"][0]
    held = {(t["name"], taxon["id"]) for t in run["taxonomies"] for taxon in t["taxa"]}
    named = {
        (r["target"]["toolComponent"]["name"], r["target"]["id"])
        for rule in run["tool"]["driver"]["rules"]
        for r in rule["relationships"]
    }

    assert named
    assert named == held


def test_code_scanning_gets_open_findings_with_a_line_only(
    tmp_path: Path, hostile: duckdb.DuckDBPyConnection
) -> None:
    """No waived one, none without a place, each with all that GitHub requires."""
    runs = github(hostile, tmp_path / "sarif")
    results = [r for run in runs for r in run["results"]]
    ((expected,),) = hostile.execute(
        "select count(*) from verdicts where verdict = 'fail' and not waived and line is not null"
    ).fetchall()

    assert len(results) == expected > 0
    for run in runs:
        assert all(
            {"shortDescription", "fullDescription", "help"} <= rule.keys()
            for rule in run["tool"]["driver"]["rules"]
        )
        for r in run["results"]:
            place = r["locations"][0]["physicalLocation"]
            assert place["artifactLocation"]["uri"]
            assert len(place["region"]) == 4
            assert r["partialFingerprints"]["primaryLocationLineHash"]
            assert len(r["message"]["text"]) <= 1_024
            assert "suppressions" not in r


def test_a_repository_without_findings_gets_an_empty_file(
    tmp_path: Path, small: duckdb.DuckDBPyConnection
) -> None:
    """Uploading it closes the alerts of what was mended."""
    runs = github(small, tmp_path / "sarif")
    ((repositories,),) = small.execute(
        "select count(*) from repositories where not archived"
    ).fetchall()

    assert len(runs) >= repositories
    assert any(not run["results"] for run in runs)


def test_findings_without_a_line_are_counted_aloud(
    tmp_path: Path, small: duckdb.DuckDBPyConnection
) -> None:
    """What code scanning can't show is not left out in silence."""
    runs = github(small, tmp_path / "sarif")
    notes = [n for run in runs for n in run["invocations"][0]["toolExecutionNotifications"]]

    assert any("have no line in a file" in note["message"]["text"] for note in notes)


def test_more_findings_than_a_run_may_hold_are_split(
    tmp_path: Path, small: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part is a category of its own, and nothing is lost."""
    whole = sum(len(run["results"]) for run in github(small, tmp_path / "whole"))
    monkeypatch.setattr(sarif_github, "MOST_RESULTS", 1)
    runs = github(small, tmp_path / "parts")
    categories = [run["automationDetails"]["id"] for run in runs]

    assert max(len(run["results"]) for run in runs) == 1
    assert sum(len(run["results"]) for run in runs) == whole
    assert len(set(categories)) == len(categories)


def test_a_name_too_long_for_a_file_is_cut() -> None:
    """Two long names stay two files."""
    one, two = (sarif_github.file_name(f"acme/{'a' * 300}{end}", part=1) for end in "bc")

    assert one != two
    assert len(one) < 200
