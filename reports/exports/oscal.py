"""OSCAL assessment results: every verdict an observation, every pass and fail a finding, a waiver a risk."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from reports.exports.exported import controls

if TYPE_CHECKING:
    from reports.exports.exported import Exported

VERSION: Final = "1.1.3"
NIST: Final = "NIST SP 800-53"
PROPERTIES: Final = "urn:pkginventory:oscal"
# Made once for this format: the same run gets the same identifiers on every machine.
_SPACE: Final = uuid.UUID("6f0c3f8e-6d0b-5f0e-9b1a-6a5c7f3f2d10")
_ENHANCEMENT = re.compile(r"\((\d+)\)")


def write(exported: Exported, file: BinaryIO) -> None:
    """Write the document."""
    run = exported.run
    document = {
        "assessment-results": {
            "uuid": identifier(run.run_id, "document"),
            "metadata": {
                "title": f"GitHub Packages of {run.org}",
                "last-modified": run.as_of,
                "version": run.run_id,
                "oscal-version": VERSION,
            },
            "import-ap": {"href": f"#{identifier(run.run_id, 'rules')}"},
            "results": [result(exported)],
            "back-matter": {"resources": [rule_pack(exported)]},
        }
    }
    file.write(json.dumps(document, ensure_ascii=False, indent=1).encode())
    file.write(b"\n")


def identifier(run_id: str, *parts: str) -> str:
    """Return an identifier that is the same whenever it is made."""
    return str(uuid.uuid5(_SPACE, "\n".join((run_id, *parts))))


def rule_pack(exported: Exported) -> dict[str, Any]:
    """Return what was assessed with: OSCAL wants a plan, ours are the rules."""
    run = exported.run
    return {
        "uuid": identifier(run.run_id, "rules"),
        "title": "The rules of pkginventory",
        "description": f"Rules {run.rules_version}: {', '.join(exported.used_rules())}",
        "props": [prop(f"{name}-digest", digest) for name, digest in run.digests if digest],
    }


def result(exported: Exported) -> dict[str, Any]:
    """Return the run with all it observed."""
    run = exported.run
    said: dict[str, Any] = {
        "uuid": identifier(run.run_id, "result"),
        "title": run.run_id,
        "description": f"Read by {run.who}.",
        "start": run.started_at,
        "end": run.ended_at,
        "reviewed-controls": {"control-selections": [selection(exported)]},
    }
    lists: dict[str, list[dict[str, Any]]] = {"observations": [], "risks": [], "findings": []}
    for record in exported.records():
        lists["observations"].append(observation(run.run_id, record, collected=run.as_of))
        if record["waived"]:
            lists["risks"].append(risk(run.run_id, record))
        if record["verdict"] in {"pass", "fail"}:
            lists["findings"].append(finding(run.run_id, record))
    # OSCAL allows no empty list.
    said |= {name: items for name, items in lists.items() if items}
    return said


def selection(exported: Exported) -> dict[str, Any]:
    """Name the NIST controls that the rules are evidence for."""
    used = set(exported.used_rules())
    found = {
        control_id(control.control)
        for control in controls()
        if control.framework.startswith(NIST) and control.rule in used
    }
    if not found:
        return {"description": "No control of NIST SP 800-53 is mapped to these rules."}
    return {
        "description": "Provides evidence for these controls; it shows no compliance with them.",
        "include-controls": [{"control-id": name} for name in sorted(found)],
    }


def control_id(name: str) -> str:
    """Write a control's name as OSCAL's catalog does: SI-7(15) is si-7.15."""
    return _ENHANCEMENT.sub(r".\1", name.lower())


def prop(name: str, value: str) -> dict[str, str]:
    """Return a property in our own name space."""
    return {"name": name, "ns": PROPERTIES, "value": value}


def observation(run_id: str, record: dict[str, Any], *, collected: str) -> dict[str, Any]:
    """Return what was seen of a subject."""
    named = ("rule", "verdict", "reason_code", "severity", "evidence_level", "fingerprint")
    props = [prop(name.replace("_", "-"), record[name]) for name in named if record[name]]
    return {
        "uuid": identifier(run_id, "observation", *key(record)),
        "title": token(f"{record['rule']} {record['subject']}"),
        "description": record["reason"] or record["subject"],
        "props": [*props, prop("waived", "true" if record["waived"] else "false")],
        "methods": ["TEST"],
        "types": ["control-objective"],
        "collected": collected,
    }


def finding(run_id: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return a verdict as OSCAL decides: satisfied or not. What is unknown is neither."""
    state = "satisfied" if record["verdict"] == "pass" else "not-satisfied"
    said: dict[str, Any] = {
        "uuid": identifier(run_id, "finding", *key(record)),
        "title": token(f"{record['rule']} {record['subject']}"),
        "description": record["reason"] or record["subject"],
        "target": {
            "type": "objective-id",
            "target-id": record["rule"],
            "status": {"state": state},
        },
        "related-observations": [
            {"observation-uuid": identifier(run_id, "observation", *key(record))}
        ],
    }
    if record["waived"]:
        said["related-risks"] = [{"risk-uuid": identifier(run_id, "risk", *key(record))}]
    return said


def risk(run_id: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return a risk that somebody accepted."""
    return {
        "uuid": identifier(run_id, "risk", *key(record)),
        "title": token(f"{record['rule']} {record['subject']}"),
        "description": record["reason"] or record["subject"],
        "statement": f"Accepted by waiver {record['waiver_id']}.",
        "props": [prop("waiver", record["waiver_id"])],
        "status": "deviation-approved",
    }


def key(record: dict[str, Any]) -> tuple[str, str, str]:
    """Return what tells a verdict of a run from every other."""
    return record["rule"], record["fingerprint"], record["subject"]


def token(text: str) -> str:
    """Return a title: one line, no control characters."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
