"""Observed use, on demand: successful runs of workflows that name packages, attestations of versions."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from collector.github import payloads
from collector.github.editions import EditionKind
from collector.github.endpoints import ATTESTATIONS, WORKFLOW_RUNS
from collector.github.paging import Page
from collector.github.payloads import Malformed
from collector.github.protocol import path
from collector.github.provenance import Attestation, WorkflowRun
from collector.run import utc_now
from collector.walk import evidence_rows
from collector.walk.answers import broken, coverage, not_collected, was_denied, was_read
from collector.walk.blobs import Texts
from collector.walk.context import Walk, keep
from collector.walk.details import Found, found_packages
from collector.walk.earlier import earlier_references, earlier_versions
from collector.walk.lists import Listing, keep_listing, listing
from collector.walk.organization import Listed
from collector.walk.pool import for_each
from collector.walk.spending import Purse
from collector.walk.wanted import NEVER

_RUNS: Final = WORKFLOW_RUNS.family
_ATTESTATIONS: Final = ATTESTATIONS.family
_WORKFLOWS: Final = ".github/workflows/"
_CONTAINER: Final = "container"
_RUNS_ASKED: Final = 5
# Asked for again after so many days; spread, or one night would ask for all of them.
_SHORTEST_AGE: Final = 4
_SPREAD: Final = 7
# So many refusals and no answer: the others will be refused as well.
_REFUSALS: Final = 5
_ABSENT: Final[Mapping[str, Any]] = {
    "status": "unavailable",
    "detail": "This edition of GitHub has no attestations.",
}
_SPENT: Final = "The settings budget was spent before it was asked for."
_GUESSED: Final = "Not asked: GitHub refused all that were asked before."


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing to ask for, by the name that coverage has for it."""

    subject: str
    rank: tuple[Any, ...]
    values: dict[str, str] = field(compare=False)
    ident: int
    name: str


async def read_runs(walk: Walk, texts: Texts, purse: Purse) -> None:
    """Ask for the newest successful run of each workflow that names packages."""
    if not any(_is_guarded(package) for package in found_packages(walk)):
        return

    async def read(item: _Asked) -> Listing:
        asked: dict[str, str | int] = {"status": "success", "per_page": _RUNS_ASKED}
        branch = texts.repositories[item.ident].default_branch
        return await _first_page(walk, item, params=asked | ({"branch": branch} if branch else {}))

    await _read(walk, _Family(_RUNS, read, _store_run), list(_workflows(walk, texts)), purse)


async def read_attestations(walk: Walk, purse: Purse) -> None:
    """Ask for the attestations of the newest version of each container package."""
    if walk.edition.kind is EditionKind.GHES:
        if not walk.settled(_ATTESTATIONS):
            with walk.stage.batch() as batch:
                batch.record_coverage(_ATTESTATIONS, **_ABSENT)
        return

    async def read(item: _Asked) -> Listing:
        return await listing(walk, ATTESTATIONS, item.values)

    family = _Family(_ATTESTATIONS, read, _store_attestations)
    await _read(walk, family, list(_digests(walk)), purse)


def attestation_subjects(walk: Walk) -> Iterator[tuple[str, str]]:
    """Name the attestations that a night may ask for, as coverage does."""
    if walk.edition.kind is not EditionKind.GHES:
        for item in _digests(walk):
            yield _ATTESTATIONS, item.subject


@dataclass(frozen=True, slots=True)
class _Family:
    """How one family is asked and stored."""

    name: str
    ask: Callable[[_Asked], Awaitable[Listing]]
    store: Callable[[Walk, _Asked, Listing], None]


async def _read(walk: Walk, family: _Family, wanted: list[_Asked], purse: Purse) -> None:
    due = [item for item in wanted if walk.options.full or _due(walk, family.name, item)]
    due.sort(key=lambda item: (_last_read(walk, family.name, item), item.rank, item.subject))
    walk.progress.started(family.name, total=len(due))
    done = refused = 0

    def is_hopeless() -> bool:
        return refused == done >= _REFUSALS

    async def read(item: _Asked) -> None:
        nonlocal done, refused
        if is_hopeless() or walk.settled(family.name, item.subject) or not purse.take(1):
            return
        found = await family.ask(item)
        family.store(walk, item, found)
        done += 1
        refused += was_denied(found.last.answer)
        walk.progress.advanced(family.name, done=done, total=len(due))

    await for_each(due, read, workers=walk.options.workers)
    walk.stage.flush()
    _leave(walk, family.name, due, why=_GUESSED if is_hopeless() else _SPENT)
    walk.progress.finished(family.name, done=done, detail=purse.sentence(len(due) - done))


def _leave(walk: Walk, family: str, due: Iterable[_Asked], *, why: str) -> None:
    """Say what was not asked; what an earlier night was told is carried and says so itself."""
    left = [
        item
        for item in due
        if not walk.settled(family, item.subject)
        and (family, item.subject) not in walk.known.coverage
    ]
    told = dict(not_collected(why))
    with walk.stage.batch() as batch:
        for item in left:
            batch.record_coverage(family, item.subject, **told)


async def _first_page(walk: Walk, item: _Asked, *, params: dict[str, str | int]) -> Listing:
    """Ask for the newest few runs: the list of all of them may be very long."""
    url = path(WORKFLOW_RUNS.path, **item.values)
    answer = await walk.get(url, params, family=_RUNS)
    named = isinstance(answer.data, dict) and "workflow_runs" in answer.data
    if was_read(answer) and not named:
        answer = broken(answer, "the answer lists no runs")
    items = payloads.sequence(answer.data, "workflow_runs") if was_read(answer) else ()
    return Listing(WORKFLOW_RUNS, items, (Page(1, items, answer, last=True),))


def _workflows(walk: Walk, texts: Texts) -> Iterator[_Asked]:
    """Name the workflows that log in to a registry or name a package, as of tonight."""
    tonight = {
        (item.repository_id, item.path)
        for item in texts.files()
        if item.kind == "workflow" and item.key is not None
        if (said := texts.digests.get(item.key)) is not None and said.names_packages
    }
    read = {row[0] for row in walk.stage.rows("repository_tree", "repository_id")}
    before = {
        (repository_id, file)
        for repository_id, file in earlier_references(walk.inventory, walk.org)
        if repository_id not in read
    }
    for repository_id, file in tonight | before:
        repository = texts.repositories.get(repository_id)
        name = file.removeprefix(_WORKFLOWS)
        if repository is None or name == file or "/" in name or "@" in name:
            continue
        if walk.scope.covers(repository.full_name):
            yield _workflow(repository, file, name)


def _workflow(repository: Listed, file: str, name: str) -> _Asked:
    return _Asked(
        subject=f"{repository.repository_id}/{file}",
        rank=(repository.visibility != "public",),
        values={"owner": repository.owner, "repo": repository.name, "workflow_id": name},
        ident=repository.repository_id,
        name=file,
    )


def _digests(walk: Walk) -> Iterator[_Asked]:
    """Name the newest version of each container package, one with a tag where there is one."""
    packages = {p.package_id: p for p in found_packages(walk) if p.package_type == _CONTAINER}
    tonight = walk.stage.rows("package_version", "package_id", "name", "tags", "created_at")
    read = {row[0] for row in tonight}
    before = [row for row in earlier_versions(walk.inventory, walk.org) if row[0] not in read]
    newest: dict[int, tuple[bool, datetime, str]] = {}
    for package_id, name, tags, created_at in (*tonight, *before):
        if package_id in packages and str(name).startswith("sha256:"):
            version = (bool(tags), created_at or NEVER, str(name))
            newest[package_id] = max(version, newest.get(package_id, version))
    for package_id, (_tagged, _at, digest) in newest.items():
        yield _Asked(
            subject=f"{package_id}/{digest}",
            rank=(not _is_guarded(packages[package_id]),),
            values={"org": walk.org, "subject_digest": digest},
            ident=package_id,
            name=digest,
        )


def _is_guarded(package: Found) -> bool:
    return package.visibility != "public"


def _due(walk: Walk, family: str, item: _Asked) -> bool:
    age = walk.known.age(family, item.subject, now=utc_now())
    return age is None or age > timedelta(days=_SHORTEST_AGE + item.ident % _SPREAD)


def _last_read(walk: Walk, family: str, item: _Asked) -> datetime:
    known = walk.known.coverage.get((family, item.subject))
    return known.observed_at or NEVER if known is not None else NEVER


def _store_run(walk: Walk, item: _Asked, found: Listing) -> None:
    read = [WorkflowRun.from_payload(payload) for payload in found.items]
    runs = [run for run in read if not isinstance(run, Malformed) and run.is_own(item.ident)]
    with walk.stage.batch(lazy=True) as batch:
        good = [
            evidence_rows.workflow_run(run, repository_id=item.ident, path=item.name)
            for run in runs[:1]
        ]
        batch.put("workflow_run", good, family=_RUNS, subject=item.subject)
        for page in found.pages:
            keep(batch, page.answer, family=_RUNS, subject=item.subject)
        batch.record_coverage(_RUNS, item.subject, **coverage(found.last.answer, seen=len(good)))


def _store_attestations(walk: Walk, item: _Asked, found: Listing) -> None:
    read = [Attestation.from_payload(payload, digest=item.name) for payload in found.items]
    good = [
        evidence_rows.attestation(one, package_id=item.ident, digest=item.name)
        for one in read
        if not isinstance(one, Malformed)
    ]
    with walk.stage.batch(lazy=True) as batch:
        batch.put("attestation", good, family=_ATTESTATIONS, subject=item.subject)
        keep_listing(batch, found, seen=len(good), subject=item.subject)
