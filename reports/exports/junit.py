"""JUnit XML for CI tabs: a suite a rule, a case a subject; an unknown is an error, a waiver skips."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.exports.exported import Count, Exported

# XML 1.0 has no way at all to write these.
ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(exported: Exported, file: BinaryIO) -> None:
    """Write every verdict."""
    file.writelines(part.encode() for part in parts(exported))


def parts(exported: Exported) -> Iterator[str]:
    """Yield the document piece by piece."""
    counted = exported.counts()
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites name={attribute(f'pkginventory {exported.org}')} {totals(counted)}>\n"
    suites = {rule: list(rows) for rule, rows in groupby(counted, key=lambda row: row.rule)}
    for rule, records in groupby(exported.records(), key=lambda record: str(record["rule"])):
        known = exported.rule(rule)
        name = f"{rule} {known.title}" if known else rule
        when = exported.run.as_of.removesuffix("Z")
        yield f"<testsuite name={attribute(name)} timestamp={attribute(when)} {totals(suites[rule])}>\n"
        yield from (case(record) for record in records)
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def totals(counted: list[Count]) -> str:
    """Return the counts that a suite's head carries."""
    numbers: Counter[str] = Counter()
    for row in counted:
        numbers["tests"] += row.number
        numbers[outcome(row.verdict, waived=row.waived)] += row.number
    names = ("tests", "failures", "errors", "skipped")
    return " ".join(f'{name}="{numbers[name]}"' for name in names)


def outcome(verdict: str, *, waived: bool) -> str:
    """Return how JUnit counts a verdict."""
    if waived or verdict == "not_applicable":
        return "skipped"
    return {"fail": "failures", "unknown": "errors"}.get(verdict, "passed")


def case(record: dict[str, Any]) -> str:
    """Write one verdict."""
    head = f"<testcase classname={attribute(record['rule'])} name={attribute(record['subject'])}"
    if record["path"]:
        head += f" file={attribute(record['path'])}"
        head += f' line="{record["line"]}"' if record["line"] else ""
    said = inside(record)
    return f"{head}>{said}</testcase>\n" if said else f"{head}/>\n"


def inside(record: dict[str, Any]) -> str:
    """Write what is not a pass, with its reason."""
    reason = record["reason"] or ""
    if record["waived"]:
        message = f"waived by {record['waiver_id']}: {reason}"
        return f'<skipped type="waived" message={attribute(message)}/>'
    if record["verdict"] == "not_applicable":
        return f'<skipped type="not_applicable" message={attribute(reason)}/>'
    if record["verdict"] == "unknown":
        kind = attribute(record["reason_code"] or "unknown")
        return f"<error type={kind} message={attribute(reason)}/>"
    if record["verdict"] == "fail":
        kind = attribute(record["severity"])
        hops = "\n".join(str(hop.get("text", "")) for hop in record["hops"])
        return f"<failure type={kind} message={attribute(reason)}>{text(hops)}</failure>"
    return ""


def text(said: str) -> str:
    """Escape text; what XML can't hold becomes a replacement character."""
    return escape(ILLEGAL.sub("\ufffd", said))


def attribute(said: str) -> str:
    """Quote an attribute's value."""
    return quoteattr(ILLEGAL.sub("\ufffd", said))
