"""SARIF 2.1.0 for code scanning: a file a repository, open findings with a line, within the limits of an upload."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from reports import queries
from reports.exports.sarif import PRECISION, result, run_head
from reports.sarif import document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.exports.exported import Exported
    from reports.output import OutputFolder

# Code scanning refuses a run with more results, and cuts longer texts.
MOST_RESULTS: Final = 25_000
LONGEST_TEXT: Final = 1_024
LONGEST_NAME: Final = 120


def write(exported: Exported, folder: OutputFolder) -> None:
    """Write one file for each repository, the empty ones too: uploading one closes its old alerts."""
    used = exported.used_rules()
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in repositories(exported)}
    hidden: Counter[str] = Counter()
    for record in exported.records(verdict="fail"):
        name = record["repository"]
        if record["waived"] or not name:
            continue
        if record["path"] and record["line"]:
            found.setdefault(name, []).append(record)
        else:
            hidden[name] += 1
    heads = run_head(exported, used)
    for name in sorted(found):
        write_repository(folder, heads, name=name, found=found[name], hidden=hidden[name])


def repositories(exported: Exported) -> list[str]:
    """Return the repositories that can hold alerts: an archived one takes no upload."""
    sql = "select repository from repositories where org = ? and not archived order by all"
    return [name for (name,) in queries.stream(exported.con, sql, [exported.org])]


def write_repository(
    folder: OutputFolder,
    head: dict[str, Any],
    *,
    name: str,
    found: Sequence[dict[str, Any]],
    hidden: int,
) -> None:
    """Write the file of one repository, or several where it has more findings than a run may hold."""
    parts = range(0, max(len(found), 1), MOST_RESULTS)
    for number, first in enumerate(parts, start=1):
        text = document(
            repository_run(
                head,
                name=name,
                found=found[first : first + MOST_RESULTS],
                hidden=hidden,
                part=number,
            )
        )
        with folder.open(file_name(name, part=number)) as file:
            file.write(text.encode())


def file_name(name: str, *, part: int) -> str:
    """Name a repository's file."""
    plain = quote(name.partition("/")[2] or name, safe="")
    if len(plain) > LONGEST_NAME:
        # GitHub's names are shorter; whatever the inventory says, the file can be made.
        plain = plain[:LONGEST_NAME] + "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{plain}.sarif" if part == 1 else f"{plain}.part{part}.sarif"


def repository_run(
    head: dict[str, Any],
    *,
    name: str,
    found: Sequence[dict[str, Any]],
    hidden: int,
    part: int,
) -> dict[str, Any]:
    """Return the run of one file, with only the rules that it names."""
    used = sorted({record["rule"] for record in found})
    index = {rule: number for number, rule in enumerate(used)}
    driver = dict(head["tool"]["driver"])
    driver["rules"] = [rule_words(rule, found) for rule in driver["rules"] if rule["id"] in index]
    # A category of its own for each part: an upload closes the alerts of its category.
    category = f"pkginventory/{name}" if part == 1 else f"pkginventory/{name}/part{part}"
    run_id = head["properties"]["run_id"]
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{category}/{run_id}"},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes(hidden)}],
        "columnKind": "unicodeCodePoints",
        "results": [cut(result(record, index=index)) for record in found],
    }


def rule_words(rule: dict[str, Any], found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Fill in what an upload requires of a rule; controls stay out, they say nothing in an alert."""
    name = rule["id"]
    # An alert is as precise as the least certain of the findings behind it.
    levels = {record["evidence_level"] for record in found if record["rule"] == name}
    precision = next(
        (word for level, word in reversed(PRECISION.items()) if level in levels), "low"
    )
    words = {
        "shortDescription": {"text": name},
        "fullDescription": {"text": name},
        "help": {"text": "See the rule's own file."},
        **{key: value for key, value in rule.items() if key != "relationships"},
    }
    words["properties"] = {**rule.get("properties", {}), "precision": precision}
    if "suggested" in levels:
        words["properties"]["precision"] = "low"
    return words


def notes(hidden: int) -> list[dict[str, Any]]:
    """Count the findings without a line: one such result would make GitHub refuse the file."""
    if not hidden:
        return []
    text = f"{hidden:,} findings have no line in a file: see pkginventory's report."
    return [{"level": "note", "message": {"text": text}}]


def cut(said: dict[str, Any]) -> dict[str, Any]:
    """Keep the message within what code scanning shows."""
    text = said["message"]["text"]
    if len(text) > LONGEST_TEXT:
        said["message"] = {"text": text[: LONGEST_TEXT - 1] + "…"}
    return said
