"""OCSF 1.8 Compliance Findings as JSON lines: one event a verdict, for security lakes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from reports.exports.exported import controls_of
from reports.exports.records import one_line

if TYPE_CHECKING:
    from reports.catalog import Rule
    from reports.exports.exported import Exported

VERSION: Final = "1.8.0"
_CATEGORY: Final = 2  # Findings
_CLASS: Final = 2003  # Compliance Finding
_CREATE, _UPDATE = 1, 2
_ACTIVITY: Final = {_CREATE: "Create", _UPDATE: "Update"}
_SEVERITY: Final = {"low": 2, "medium": 3, "high": 4, "critical": 5}
_INFORMATIONAL: Final = 1
# 2 is "did not yield a result due to missing information": our unknown.
_COMPLIANCE: Final = {"pass": (1, "Pass"), "unknown": (2, "Warning"), "fail": (3, "Fail")}
_OTHER: Final = (99, "Other")
_NEW, _SUPPRESSED, _RESOLVED = (1, "New"), (3, "Suppressed"), (4, "Resolved")
_CONFIDENCE: Final = {
    "proven": (3, "High"),
    "declared": (2, "Medium"),
    "implied": (2, "Medium"),
    "suggested": (1, "Low"),
}


def write(exported: Exported, file: BinaryIO) -> None:
    """Write every verdict as an event."""
    rules = {rule.id: rule for rule in exported.rules}
    for record in exported.records():
        text = json.dumps(
            event(exported, record, rule=rules.get(record["rule"])), ensure_ascii=False
        )
        file.write(f"{one_line(text)}\n".encode())


def event(exported: Exported, record: dict[str, Any], *, rule: Rule | None) -> dict[str, Any]:
    """Return the event of one verdict."""
    when = milliseconds(exported.run.as_of)
    first = milliseconds(record["first_seen"]) if record["first_seen"] else when
    activity = _CREATE if first >= when else _UPDATE
    status, status_word = state(record)
    said: dict[str, Any] = {
        "activity_id": activity,
        "activity_name": _ACTIVITY[activity],
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + activity,
        "type_name": f"Compliance Finding: {_ACTIVITY[activity]}",
        "time": when,
        "severity_id": _SEVERITY.get(record["severity"], _INFORMATIONAL),
        "severity": (record["severity"] or "informational").capitalize(),
        "status_id": status,
        "status": status_word,
        "message": record["reason"] or record["subject"],
        "metadata": metadata(exported),
        "finding_info": finding_info(record, rule=rule, first=first, last=when),
        "compliance": compliance(record),
        "resources": [resource(exported, record)],
        "unmapped": {name: value for name, value in record.items() if value is not None},
    }
    if record["reason_code"]:
        said["status_code"] = record["reason_code"]
    if record["evidence_level"]:
        said["confidence_id"], said["confidence"] = _CONFIDENCE[record["evidence_level"]]
    if rule is not None:
        said["remediation"] = {"desc": rule.remediation, "references": list(rule.references)}
    return said


def milliseconds(when: str) -> int:
    """Return a time as OCSF counts it: milliseconds since 1970."""
    moment = datetime.strptime(when, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1000


def state(record: dict[str, Any]) -> tuple[int, str]:
    """Return whether anyone has to do something about it."""
    if record["waived"]:
        return _SUPPRESSED
    return _NEW if record["verdict"] in {"fail", "unknown"} else _RESOLVED


def metadata(exported: Exported) -> dict[str, Any]:
    """Return what made the event."""
    return {
        "version": VERSION,
        "product": {
            "name": "pkginventory",
            "vendor_name": "pkginventory",
            "version": exported.run.tool_version,
        },
        "correlation_uid": exported.run.run_id,
        "tenant_uid": exported.org,
    }


def finding_info(
    record: dict[str, Any], *, rule: Rule | None, first: int, last: int
) -> dict[str, Any]:
    """Return what was found, by a key that stays the same over nights."""
    return {
        "uid": record["fingerprint"],
        "title": rule.title if rule else record["rule"],
        "desc": record["reason"] or record["subject"],
        "types": [record["rule"]],
        "first_seen_time": first,
        "last_seen_time": last,
    }


def compliance(record: dict[str, Any]) -> dict[str, Any]:
    """Return the verdict, and the controls it is evidence for."""
    number, word = _COMPLIANCE.get(record["verdict"], _OTHER)
    mapped = controls_of(record["rule"])
    return {
        "control": record["rule"],
        # Required until OCSF 1.5: a rule of the organization's own stands for itself.
        "standards": sorted({f"{c.framework} {c.version}" for c in mapped}) or ["pkginventory"],
        "requirements": [f"{c.framework} {c.version}: {c.control}" for c in mapped],
        "status_id": number,
        "status": word,
    }


def resource(exported: Exported, record: dict[str, Any]) -> dict[str, Any]:
    """Return the subject."""
    return {
        "uid": record["subject"],
        "name": record["package"] or record["repository"] or record["subject"],
        "type": "GitHub package" if record["package"] else "GitHub repository",
        "namespace": exported.org,
    }
