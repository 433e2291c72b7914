"""Markdown for a job's step summary or an issue: the counts, then open findings as far as there is room."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.exports.exported import Exported

# GitHub drops a step summary of more than 1 MiB whole.
MOST_BYTES: Final = 1_000_000
SEVERITIES: Final = ("critical", "high", "medium", "low")
_PLAIN: Final = frozenset(" ,./-")


def write(exported: Exported, file: BinaryIO) -> None:
    """Write the summary."""
    head = "".join(f"{line}\n" for line in counts_lines(exported)).encode()
    file.write(head)
    room = MOST_BYTES - len(head) - 1_000
    rows = worst_first(exported)
    shown, total = bytearray(), len(rows)
    number = 0
    for number, record in enumerate(rows, start=1):
        line = f"{row(record)}\n".encode()
        if len(shown) + len(line) > room:
            number -= 1  # noqa: PLW2901 - the row that has no room is not counted
            break
        shown += line
    if not total:
        file.write(b"\nNo finding is open among what could be judged.\n")
        return
    file.write(f"\n## Open findings: {number:,} of {total:,}\n\n".encode())
    file.write(b"| Severity | Rule | Subject | Evidence | Why |\n|---|---|---|---|---|\n")
    file.write(shown)


def counts_lines(exported: Exported) -> Iterator[str]:
    """Say of which run this is, and count its verdicts."""
    run = exported.run
    yield f"# GitHub Packages of {plain(run.org)}"
    yield ""
    yield f"Run {code(run.run_id)}, as of {plain(run.as_of)}, asked by {plain(run.who)}."
    for warning in run.warnings:
        yield f"\n> {plain(warning)}"
    yield ""
    yield "| Rule | Verdict | Waived | Subjects |"
    yield "|---|---|---|---:|"
    for count in exported.counts():
        waived = "yes" if count.waived else "no"
        yield f"| {plain(count.rule)} | {count.verdict} | {waived} | {count.number} |"


def worst_first(exported: Exported) -> list[dict[str, Any]]:
    """Return the open findings, the worst and oldest first."""
    found = [record for record in exported.records(verdict="fail") if not record["waived"]]
    return sorted(
        found, key=lambda record: (SEVERITIES.index(record["severity"]), record["first_seen"])
    )


def row(record: dict[str, Any]) -> str:
    """Write one finding."""
    cells = (
        record["severity"],
        plain(record["rule"]),
        code(record["subject"]),
        record["evidence_level"],
        plain(record["reason"] or ""),
    )
    return f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """Write a name so that it is shown as it is and calls nobody."""
    return f"<code>{plain(text)}</code>"


def plain(text: str) -> str:
    """Write text that is no markup, whatever it holds: every mark by its number."""
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char == "@":
        # A mention would notify whoever bears the name.
        return "&#64;<!-- -->"
    if char.isalnum() or char in _PLAIN:
        return char
    if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Cs"}:
        return f"&#92;u{ord(char):04x}"
    return f"&#{ord(char)};"
