"""In-toto statements about a run as JSON lines: the test result, and the audit with its equation."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from reports.exports.records import SCHEMA_VERSION, json_lines, one_line

if TYPE_CHECKING:
    from reports.exports.exported import Exported

STATEMENT: Final = "https://in-toto.io/Statement/v1"
TEST_RESULT: Final = "https://in-toto.io/attestation/test-result/v0.1"
AUDIT_RUN: Final = "pkginventory/audit-run/v1"


def write(exported: Exported, file: BinaryIO) -> None:
    """Write one statement for each predicate, both about the same JSON lines export."""
    subject = [{"name": "verdicts.jsonl", "digest": {"sha256": records_digest(exported)}}]
    for kind, predicate in ((TEST_RESULT, tests(exported)), (AUDIT_RUN, audit(exported))):
        statement = {
            "_type": STATEMENT,
            "subject": subject,
            "predicateType": kind,
            "predicate": predicate,
        }
        file.write(f"{one_line(json.dumps(statement, ensure_ascii=False))}\n".encode())


def records_digest(exported: Exported) -> str:
    """Return the SHA-256 of what `--format jsonl` writes."""
    digest = hashlib.sha256()
    for line in json_lines(exported.con, org=exported.org):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def tests(exported: Exported) -> dict[str, Any]:
    """Return the result of the run as that of a test: unknown and waived ones are warnings."""
    named: dict[str, list[str]] = {"passed": [], "warned": [], "failed": []}
    for record in exported.records():
        name = f"{record['rule']} {record['subject']}"
        if record["waived"] or record["verdict"] == "unknown":
            named["warned"].append(name)
        elif record["verdict"] in {"pass", "fail"}:
            named[f"{record['verdict']}ed"].append(name)
    result = "FAILED" if named["failed"] else "WARNED" if named["warned"] else "PASSED"
    return {
        "result": result,
        "configuration": [
            {"name": name, "digest": {"sha256": digest}}
            for name, digest in exported.run.digests
            if digest
        ],
        **{f"{word}Tests": names for word, names in named.items()},
    }


def audit(exported: Exported) -> dict[str, Any]:
    """Return who asked when with which credential, and the counts of every verdict."""
    run = exported.run
    return {
        "schema_version": SCHEMA_VERSION,
        "org": run.org,
        "run_id": run.run_id,
        "judgement_id": run.judgement_id,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "as_of": run.as_of,
        "tool": {"name": "pkginventory", "version": run.tool_version},
        "credentials": [
            {"name": c.name, "kind": c.kind, "login": c.login, "scopes": list(c.scopes)}
            for c in run.credentials
        ],
        "warnings": list(run.warnings),
        "digests": dict(run.digests),
        "counts": [count._asdict() for count in exported.counts()],
    }
