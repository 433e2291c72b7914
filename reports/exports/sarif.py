"""SARIF 2.1.0 for archives and viewers: every verdict, waivers as suppressions, controls as taxonomies."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from reports.exports.exported import Control, controls_of
from reports.sarif import LEVEL, document_parts, fingerprints, location, rule_descriptor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.exports.exported import Exported

# What SARIF calls our verdicts: `open` is an evaluation that could not be finished.
KIND: Final = {"fail": "fail", "pass": "pass", "not_applicable": "notApplicable", "unknown": "open"}
PRECISION: Final = {"proven": "very-high", "declared": "high", "implied": "medium"}


def write(exported: Exported, file: BinaryIO) -> None:
    """Write one document of every verdict."""
    used = exported.used_rules()
    run = run_head(exported, used)
    run["taxonomies"] = taxonomies(used)
    index = {name: number for number, name in enumerate(used)}
    results = (full_result(record, index=index) for record in exported.records())
    file.writelines(part.encode() for part in document_parts(run, results))


def run_head(exported: Exported, used: Sequence[str]) -> dict[str, Any]:
    """Return a run without its results: the tool, its rules, who asked when."""
    run = exported.run
    return {
        "tool": {
            "driver": {
                "name": "pkginventory",
                "semanticVersion": run.tool_version,
                "rules": [descriptor(exported, name) for name in used],
            }
        },
        "automationDetails": {"id": f"pkginventory/{run.org}/{run.run_id}"},
        "invocations": [
            {
                "executionSuccessful": True,
                "startTimeUtc": run.started_at,
                "endTimeUtc": run.ended_at,
                "account": run.who,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": text}} for text in run.warnings
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "run_id": run.run_id,
            "as_of": run.as_of,
            **{f"{name}_digest": digest for name, digest in run.digests},
        },
    }


def descriptor(exported: Exported, name: str) -> dict[str, Any]:
    """Describe a rule with the controls it is evidence for; of a rule not known here only its id."""
    rule = exported.rule(name)
    if rule is None:
        return {"id": name}
    words = {
        "name": rule.name,
        "title": rule.title,
        "description": rule.description,
        "remediation": rule.remediation,
    }
    described = rule_descriptor(name, severity=rule.severity, words=words)
    described["relationships"] = [
        {
            "target": {"id": control.control, "toolComponent": {"name": framework(control)}},
            "kinds": ["relevant"],
        }
        for control in controls_of(name)
    ]
    return described


def framework(control: Control) -> str:
    """Name a framework with its version."""
    return f"{control.framework} {control.version}"


def taxonomies(used: Sequence[str]) -> list[dict[str, Any]]:
    """Return each framework with those of its controls that these rules are evidence for."""
    found = {
        (framework(control), control.control, control.title)
        for name in used
        for control in controls_of(name)
    }
    return [
        {
            "name": name,
            "taxa": [
                {"id": control, "shortDescription": {"text": title}}
                for control, title in sorted({item[1:] for item in group})
            ],
        }
        for name, group in groupby(sorted(found), key=lambda item: item[0])
    ]


def result(record: dict[str, Any], *, index: dict[str, int]) -> dict[str, Any]:
    """Return what every profile says of a verdict."""
    failed = record["verdict"] == "fail"
    said: dict[str, Any] = {
        "ruleId": record["rule"],
        "ruleIndex": index[record["rule"]],
        "kind": KIND[record["verdict"]],
        "level": LEVEL[record["severity"]] if failed else "none",
        "message": {"text": record["reason"] or record["subject"]},
        "partialFingerprints": fingerprints(record["fingerprint"]),
    }
    if record["path"] and record["line"]:
        said["locations"] = [location(record["path"], record["line"])]
    return said


def full_result(record: dict[str, Any], *, index: dict[str, int]) -> dict[str, Any]:
    """Return a verdict with its subject, the way to it and its waiver."""
    said = result(record, index=index)
    subject = {"fullyQualifiedName": record["subject"], "kind": "resource"}
    said.setdefault("locations", [{}])[0]["logicalLocations"] = [subject]
    kept = ("verdict", "reason_code", "severity", "evidence_level", "first_seen", "repository")
    said["properties"] = {
        name: record[name]
        for name in (*kept, "package", "registry", "credential", "secret")
        if record[name] is not None
    }
    said["properties"]["hops"] = record["hops"]
    if record["waived"]:
        waiver = {"kind": "external", "status": "accepted", "justification": record["waiver_id"]}
        said["suppressions"] = [waiver]
    return said
