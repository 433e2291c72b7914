"""SARIF 2.1.0: the parts that a scan and an export share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# Code scanning calls "over 9.0" critical: 9.0 itself would sit on the edge.
SECURITY_SEVERITY: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
LEVEL: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}


def rule_descriptor(
    name: str,
    *,
    severity: str,
    words: dict[str, str],
    precision: str = "high",
) -> dict[str, Any]:
    """Describe a rule.

    Args:
        name: its id.
        severity: its highest.
        words: name, title, description, remediation.
        precision: how sure a finding is.
    """
    return {
        "id": name,
        "name": words["name"],
        "shortDescription": {"text": words["title"]},
        "fullDescription": {"text": words["description"]},
        "help": {"text": words["remediation"]},
        "defaultConfiguration": {"level": LEVEL[severity]},
        "properties": {
            "precision": precision,
            "security-severity": SECURITY_SEVERITY[severity],
            "tags": ["security"],
        },
    }


def location(path: str, line: int) -> dict[str, Any]:
    """Name a line of a file of the repository."""
    region = {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 2}
    return {"physicalLocation": {"artifactLocation": {"uri": quote(path)}, "region": region}}


def fingerprints(digest: str) -> dict[str, str]:
    """Return what lets a finding be known again; code scanning heeds this one key."""
    return {"primaryLocationLineHash": digest}


def document(run: dict[str, Any], *, indent: int | None = None) -> str:
    """Write a document of one run."""
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=indent, ensure_ascii=False)


def document_parts(run: dict[str, Any], results: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a document of one run piece by piece, never holding all its results."""
    head = document({**run, "results": []})
    # Results stand last, so that the text ends with the brackets of results, run, runs and document.
    yield head.removesuffix("]}]}")
    for number, result in enumerate(results):
        yield (",\n" if number else "\n") + json.dumps(result, ensure_ascii=False)
    yield "\n]}]}\n"
