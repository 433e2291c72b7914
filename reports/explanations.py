"""What `explain` answers: plain data, and the words that each level of evidence allows."""

from __future__ import annotations

from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from reports import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

# The verb claims no more than the level does.
ACCESS: Final = {
    "proven": "can use it",
    "declared": "are declared to have access",
    "implied": "have access by a default or were seen using it",
    "suggested": "give a sign of using it",
}
LEVELS: Final = tuple(words.EVIDENCE_LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of the answer.

    Attributes:
        level: how well it is known; None for what is a warning or an open question.
        source: what showed it.
        request_id: GitHub's id of the answer that showed it, where one did.
        at: when it was seen.
    """

    text: str
    level: str | None = None
    kind: str = ""
    source: str | None = None
    request_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Who may do one thing with a package, by GitHub's table and by what is known.

    Attributes:
        right: download, upload or delete.
        rule: what GitHub's documentation says for this visibility.
        known: repositories that some evidence lets do it, with the level of that evidence.
    """

    right: str
    rule: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one rule says."""

    rule: str
    subject: str
    verdict: str
    severity: str | None
    evidence_level: str | None
    reason_code: str | None
    reason: str
    fingerprint: str
    waived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The answer about one subject, and everything it rests on."""

    org: str
    subject: str
    kind: str
    answer: str
    run_id: str
    as_of: datetime
    hops: tuple[Hop, ...] = ()
    rights: tuple[Right, ...] = ()
    verdicts: tuple[Judged, ...] = ()
    remedies: tuple[str, ...] = ()


def several(names: Sequence[str], *, shown: int = 3) -> str:
    """Name a few and count the rest."""
    if len(names) <= shown:
        return words.join(list(names))
    return f"{', '.join(names[:shown])} and {len(names) - shown:,} more"


def lines(explanation: Explanation) -> Iterable[str]:
    """Write an explanation for a terminal."""
    yield f"{explanation.subject}  ({explanation.as_of:%Y-%m-%d %H:%M}Z, run {explanation.run_id})"
    yield ""
    yield explanation.answer
    if explanation.hops:
        yield from ("", "How we know")
        for number, hop in enumerate(explanation.hops, start=1):
            yield f"{number:>3}. [{hop.level or '-'}] {hop.text}"
            where = _where(hop)
            if where:
                yield f"     {where}"
    if explanation.rights:
        yield from ("", "Who may do what")
        for right in explanation.rights:
            known = f" Known: {several(right.known, shown=5)}." if right.known else ""
            yield f"  {right.right:<9} {right.rule}{known}"
    if explanation.verdicts:
        yield from ("", "What the rules say")
        for said in (said for said in explanation.verdicts if said.verdict != "pass"):
            weight = said.severity or said.reason_code or ""
            waived = ", waived" if said.waived else ""
            yield f"  {said.rule} {said.verdict} {weight}{waived}: {said.reason}"
        passed = sum(said.verdict == "pass" for said in explanation.verdicts)
        if passed:
            yield f"  and {words.count(passed, 'pass', 'passes')}"
    if explanation.remedies:
        yield from ("", "What would change it")
        yield from (f"  - {remedy}" for remedy in explanation.remedies)


def as_plain(value: Any) -> Any:
    """Return an explanation as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return as_plain(asdict(value))
    if isinstance(value, dict):
        return {key: as_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _where(hop: Hop) -> str:
    parts = [
        hop.source or "",
        f"request {hop.request_id}" if hop.request_id else "",
        f"{hop.at:%Y-%m-%d %H:%M}Z" if hop.at else "",
    ]
    return ", ".join(part for part in parts if part)
