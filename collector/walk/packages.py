"""Packages: every type swept per visibility, because no list gives all and `internal` is a filter."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from collector.github.endpoints import PACKAGES
from collector.github.models import Package
from collector.github.outcomes import Outcome
from collector.github.paging import Page, pages_until_empty
from collector.github.payloads import Malformed
from collector.github.protocol import path
from collector.walk import rows
from collector.walk.answers import REFUSED, coverage, was_read
from collector.walk.context import Walk, keep
from collector.walk.lists import listed
from collector.walk.pool import for_each
from collector.walk.reader import PACKAGES as READS_PACKAGES
from collector.walk.reader import members_view
from collector.walk.sweeps import (
    PACKAGE_TYPES,
    Pass,
    Sweep,
    decide,
    granular_types,
    ignores_filter,
    sweeps,
)
from collector.walk.synonyms import put_synonyms

FAMILY: Final = "packages"
_READ: Final = frozenset({"complete", "partial"})
_PASSES: Final = 3
# A checkpoint's page number tells pass and page.
_PASS: Final = 1000
# So many pages without anything new: the server minds no page number.
_BARREN_PAGES: Final = 3

# All packages were listed; which of them are internal is what nothing tells.
_FILTER_IGNORED: Final = {
    "reason": "filter_ignored",
    "detail": "The server ignores the visibility filter, so internal can't be told from private.",
}

_End = Literal["empty page", "refused", "bound", "endless"]


async def read_packages(walk: Walk) -> None:
    """Read every package the credential can see."""
    wanted = list(sweeps(granular_types(walk.edition)))
    walk.progress.started(FAMILY, total=len(wanted))
    reader = _Reader(walk, total=len(wanted))

    async def of_type(package_type: str) -> None:
        # Public and private of a type one after the other: of two answers the later one counts.
        for sweep in wanted:
            if sweep.package_type == package_type and sweep.visibility != "internal":
                await reader.read(sweep)

    await for_each(PACKAGE_TYPES, of_type, workers=walk.options.workers)
    # Only now is it known whether the server minds its filter at all.
    internal = [sweep for sweep in wanted if sweep.visibility == "internal"]
    await for_each(internal, reader.read, workers=walk.options.workers)
    walk.progress.finished(FAMILY, done=reader.done, detail="")


@dataclass(slots=True)
class _Reader:
    walk: Walk
    total: int
    done: int = 0
    filter_ignored: bool = False
    # Some list held packages that its filter excludes.

    async def read(self, sweep: Sweep) -> None:
        """Read one sweep, beginning where an interrupted run left it."""
        last = self.walk.stage.last_page(FAMILY, sweep.subject)
        state = last.state if last is not None and isinstance(last.state, dict) else {}
        self.filter_ignored |= bool(state.get("filter_ignored"))
        if not self.walk.stage.is_done(FAMILY, sweep.subject):
            await _Reading(self, sweep).run(after=last.page if last else _PASS, state=state)
        else:
            # A resumed run says again what the interrupted one had to say.
            _warn_of_contradictions(self.walk, sweep, int(state.get("disagreeing", 0)))
        self.done += 1
        self.walk.progress.advanced(FAMILY, done=self.done, total=self.total)


@dataclass(slots=True)
class _Reading:
    """One sweep on its way: at most three passes, until one brings nothing new."""

    reader: _Reader
    sweep: Sweep
    ids: set[int] = field(default_factory=set)
    malformed: int = 0
    disagreeing: int = 0
    # Packages whose field contradicts the list they came in.

    async def run(self, *, after: int, state: dict[str, Any]) -> None:
        """Read passes until one shows a list that held still."""
        if state:
            self.ids = _stored(self.reader.walk, self.sweep)
            self.malformed, self.disagreeing = state["malformed"], state["disagreeing"]
        attempt, page = divmod(after, _PASS)
        reading = Pass.resumed(state.get("pass"))
        while True:
            last, end = await self._pass(attempt, page, reading)
            again = end == "empty page" and reading.moved(first=attempt == 1)
            if not again or attempt >= _PASSES:
                break
            attempt, page, reading = attempt + 1, 0, Pass()
        self._finish(last, end, _told(self, last, end, moving=again))

    async def _pass(self, attempt: int, page: int, reading: Pass) -> tuple[Page, _End]:
        """Read one pass up to its empty page, or to whatever ends it before."""
        barren = 0
        async for read in self._pages(start=page + 1):
            last = read
            self.reader.walk.asked[FAMILY] += 1
            if not was_read(read.answer) or (read.last and read.reason is not None):
                break
            if not read.items:
                return read, "empty page"
            known = len(self.ids)
            self._store(read, attempt, reading)
            # A server that minds no page number would repeat itself for ever.
            barren = barren + 1 if attempt == 1 and len(self.ids) == known else 0
            if barren == _BARREN_PAGES:
                return read, "endless"
        return last, "bound" if last.answer.outcome is Outcome.PAGE_LIMIT else "refused"

    def _pages(self, *, start: int) -> AsyncIterator[Page]:
        walk = self.reader.walk
        params = {"package_type": self.sweep.package_type, "visibility": self.sweep.visibility}
        url = path(PACKAGES.path, org=walk.org)
        return pages_until_empty(walk.packages_api, url, params=params, start=start)

    def _store(self, page: Page, attempt: int, reading: Pass) -> None:
        """Store a page with its checkpoint."""
        found = [Package.from_payload(item) for item in page.items]
        packages = [item for item in found if not isinstance(item, Malformed)]
        self.malformed += len(found) - len(packages)
        ids = [item.id for item in packages]
        reading.add(ids, size=len(found), known=self.ids, first=attempt == 1)
        self.ids.update(ids)
        self.reader.filter_ignored |= any(
            ignores_filter(self.sweep.visibility, item.visibility) for item in packages
        )
        subject = self.sweep.subject
        with self.reader.walk.stage.batch() as batch:
            keep(batch, page.answer, family=FAMILY, subject=subject)
            batch.put(
                "package", [self._row(item) for item in packages], family=FAMILY, subject=subject
            )
            state = {
                "malformed": self.malformed,
                "disagreeing": self.disagreeing,
                "filter_ignored": self.reader.filter_ignored,
                "seen": len(self.ids),
                "pass": reading.state(),
            }
            batch.page_done(FAMILY, subject, attempt * _PASS + page.number, state)

    def _row(self, item: Package) -> rows.Row:
        decided = decide(
            self.sweep.visibility, item.visibility, filter_ignored=self.reader.filter_ignored
        )
        self.disagreeing += decided.disagrees
        return rows.package(item, visibility=decided.visibility)

    def _finish(self, last: Page, end: _End, told: dict[str, Any]) -> None:
        walk, subject = self.reader.walk, self.sweep.subject
        _warn_of_contradictions(walk, self.sweep, self.disagreeing)
        with walk.stage.batch() as batch:
            if end != "endless":
                # That page is stored already.
                keep(batch, last.answer, family=FAMILY, subject=subject)
            batch.record_coverage(FAMILY, subject, **told)
            batch.subject_done(FAMILY, subject)
            if self.sweep.visibility == "internal":
                put_synonyms(walk, batch, self.sweep, internal=len(self.ids))


def _warn_of_contradictions(walk: Walk, sweep: Sweep, count: int) -> None:
    if count:
        walk.warn(
            f"Of the packages listed as {sweep.subject}, {count} say of themselves that"
            " they have another visibility; what a package says of itself was believed."
        )


def _told(reading: _Reading, last: Page, end: _End, *, moving: bool) -> dict[str, Any]:
    """Say what the sweep's coverage is."""
    seen = len(reading.ids)
    if end == "refused":
        return _refused(reading.reader.walk, reading.sweep, last, seen=seen)
    told = coverage(last.answer, seen=seen)
    missing = _missing(reading, end, moving=moving)
    if missing:
        told |= {"status": "partial", "reason": "truncated", "detail": missing}
    elif seen and reading.sweep.visibility == "internal" and reading.reader.filter_ignored:
        told |= _FILTER_IGNORED
    if told["status"] == "complete" and reading.sweep.visibility != "public":
        # Public packages are shown to everybody.
        told |= members_view(reading.reader.walk, READS_PACKAGES)
    return told


def _missing(reading: _Reading, end: _End, *, moving: bool) -> str:
    if end == "bound":
        return "GitHub lists no more than 10,000 packages of one type and visibility."
    if end == "endless":
        return "The same packages came again and again, whatever page was asked for."
    if moving:
        return "The list changed each time it was read, so a package may have been missed."
    if reading.malformed:
        return f"{reading.malformed} items of the list have no id, name or package_type."
    return ""


def _refused(walk: Walk, sweep: Sweep, last: Page, *, seen: int) -> dict[str, Any]:
    told, answer = listed(last, seen=seen), last.answer
    if seen or answer.outcome not in REFUSED:
        return told
    others = (f"{sweep.package_type}/public", f"{sweep.package_type}/private")
    if (
        sweep.visibility == "internal"
        and {walk.stage.coverage_of(FAMILY, o) for o in others} <= _READ
    ):
        words = "This organization has no internal packages to list; GitHub answered"
        return told | {"status": "unavailable", "detail": f"{words} {answer.status}."}
    # What GitHub says to tokens of Apps and jobs, which can't list packages at all.
    return told | {"status": "denied", "reason": "forbidden_403"}


def _stored(walk: Walk, sweep: Sweep) -> set[int]:
    """Return the packages that the stage holds of a sweep."""
    found = walk.stage.rows("package", "package_id", "coverage_subject", family=FAMILY)
    return {item for item, subject in found if subject == sweep.subject}
