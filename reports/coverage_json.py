"""coverage.json: how much was listed and read, and what is not known, for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from reports.exports.records import SCHEMA_VERSION

if TYPE_CHECKING:
    from reports.pages import Report
    from reports.pages_coverage import Coverage, Family


def coverage_text(report: Report) -> str:
    """Return the text of coverage.json."""
    coverage = report.coverage
    document = {
        "schema_version": SCHEMA_VERSION,
        "org": report.run.org,
        "run_id": report.run.run_id,
        "as_of": report.run.as_of,
        "coverage": coverage.percent,
        "complete": coverage.complete,
        "repositories_left_out": coverage.left_out,
        "shares": {
            share.name: {"seen": share.seen, "expected": share.expected, "percent": share.percent}
            for share in coverage.shares
        },
        "equation": {
            "population": report.equation.population,
            "pass": report.equation.passed,
            "fail": report.equation.failed,
            "unknown": report.equation.unknown,
            "not_applicable": report.equation.not_applicable,
            "waived": report.equation.waived,
        },
        "unknown": unknown(coverage),
        "packages": [
            {
                "package_type": sweep.package_type,
                "visibility": sweep.visibility,
                "status": sweep.status,
                "reason": sweep.reason or None,
                "seen": sweep.seen,
            }
            for sweep in coverage.sweeps
        ],
        "families": {family.name: family_record(family) for family in coverage.families},
        "credentials": [
            {"name": c.name, "kind": c.kind, "login": c.login or None, "scopes": list(c.scopes)}
            for c in report.run.credentials
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def unknown(coverage: Coverage) -> dict[str, Any]:
    """Return the unknown verdicts by kind and reason code."""
    return {
        kind.name: {
            "subjects": kind.subjects,
            "reasons": {reason.code: reason.subjects for reason in kind.reasons},
        }
        for kind in coverage.unknown
    }


def family_record(family: Family) -> dict[str, Any]:
    """Return one endpoint family: its subjects by status, what was seen, and why not all."""
    return {
        "statuses": family.statuses,
        "seen": family.seen,
        "oldest": family.oldest or None,
        "reasons": [
            {
                "status": reason.status,
                "reason": reason.code or None,
                "subjects": reason.subjects,
                "detail": reason.detail or None,
            }
            for reason in family.reasons
        ],
    }
