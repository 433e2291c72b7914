"""Write a report: report.html, findings.jsonl, verdicts.jsonl and coverage.json, all or none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import words
from reports.coverage_json import coverage_text
from reports.evaluation import shared_views
from reports.exports.records import json_lines
from reports.output import OutputFolder, output_folder
from reports.pages import Report, read_report
from reports.remedies import advise_grants
from reports.render import BesideFile, render_report

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from reports.catalog import Rule
    from reports.pages_rules import Equation

REPORT = "report.html"
FINDINGS = "findings.jsonl"
VERDICTS = "verdicts.jsonl"
COVERAGE = "coverage.json"

# What the report reads beside the views that the rules share.
_ALSO = ("secrets", "secret_reach")


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What was written, and the figures that decide the exit code."""

    path: Path
    run_id: str
    # Open findings by severity, those of a user's own words included; and the new ones of them.
    open: dict[str, int]
    new: dict[str, int]
    equation: Equation
    coverage_percent: float
    complete: bool
    # Unknown verdicts by kind: could_not_read, no_api_tells, text_does_not_say.
    unknown: dict[str, int]
    # The first screen's sentences, for the terminal.
    headline: str
    sentences: tuple[str, ...]


def write_report(
    con: duckdb.DuckDBPyConnection, *, org: str, out: Path, rules: Iterable[Rule] = ()
) -> ReportResult:
    """Write the report of an organization's newest published run into a folder.

    Args:
        con: a connection with the views; it may be read-only.
        org: the organization's login.
        out: the folder, made if it is not there; the files replace those of the run before.
        rules: the heads of the rules, whose words the report shows beside their verdicts.

    Raises:
        InventoryError: there is no published and judged run, or the folder can't be written.
    """
    heads = tuple(rules)
    # Before the report's own tables stand before the views: what is tried has to pass through them.
    advice = advise_grants(con, org=org, rules=heads)
    # Each of the report's queries would plan the same deep views again.
    with output_folder(out) as folder, shared_views(con, org=org, also=_ALSO):
        beside = [
            write_lines(folder, FINDINGS, json_lines(con, org=org, verdict="fail")),
            write_lines(folder, VERDICTS, json_lines(con, org=org)),
        ]
        report = read_report(con, org=org, rules=heads, advice=advice)
        beside.append(write_lines(folder, COVERAGE, coverage_text(report).splitlines()))
        write_lines(folder, REPORT, [render_report(report, files=beside).rstrip("\n")])
    return result(report, path=out / REPORT)


def write_lines(folder: OutputFolder, name: str, lines: Iterable[str]) -> BesideFile:
    """Write a file line by line; return its name, length and hash."""
    digest = hashlib.sha256()
    number = 0
    with folder.open(name) as file:
        for number, line in enumerate(lines, start=1):  # noqa: B007 - the last one is the count
            data = line.encode() + b"\n"
            digest.update(data)
            file.write(data)
    return BesideFile(name=name, lines=number, sha256=digest.hexdigest())


def result(report: Report, *, path: Path) -> ReportResult:
    """Return the figures of a report that was written."""
    tiles = {tile.severity: tile for tile in report.summary.severities}
    return ReportResult(
        path=path,
        run_id=report.run.run_id,
        open={severity: tiles[severity].open for severity in words.SEVERITIES},
        new={severity: tiles[severity].new for severity in words.SEVERITIES},
        equation=report.equation,
        coverage_percent=report.coverage.percent,
        complete=report.coverage.complete,
        unknown={kind.name: kind.subjects for kind in report.coverage.unknown},
        headline=report.summary.coverage_headline,
        sentences=tuple(f"{s.label}: {s.text}" for s in report.summary.sentences),
    )
