"""The organization itself, and the list of its repositories."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from collector.errors import UsageError
from collector.github.endpoints import ORGANIZATION, REPOSITORIES
from collector.github.models import Organization, Repository
from collector.github.outcomes import Outcome
from collector.github.paging import Page, pages_by_link_or_short
from collector.github.payloads import Malformed
from collector.github.protocol import path
from collector.walk import rows
from collector.walk.answers import broken, coverage, was_read
from collector.walk.context import Walk, keep
from collector.walk.lists import listed
from collector.walk.reader import READERS, ask_readers, doubt_of, hidden_repositories

_ORGANIZATION: Final = ORGANIZATION.family
_REPOSITORIES: Final = REPOSITORIES.family


@dataclass(frozen=True, slots=True)
class Listed:
    """What the walk has to know of a repository in the list."""

    COLUMNS: ClassVar = (
        "repository_id",
        "full_name",
        "visibility",
        "default_branch",
        "pushed_at",
        "size",
    )

    repository_id: int
    full_name: str
    visibility: str
    default_branch: str | None
    pushed_at: datetime | None
    size: int | None

    @property
    def subject(self) -> str:
        """Name it as coverage does."""
        return str(self.repository_id)

    @property
    def owner(self) -> str:
        """Return the part of the name before the slash."""
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        """Return the part of the name after the slash."""
        return self.full_name.partition("/")[2]


async def read_organization(walk: Walk) -> None:
    """Read the organization, which also tells whether there is one.

    Raises:
        UsageError: GitHub knows no organization of this name.
    """
    if walk.settled(_ORGANIZATION):
        return
    walk.progress.started(_ORGANIZATION, total=1)
    answer = await walk.get(path(ORGANIZATION.path, org=walk.org), family=_ORGANIZATION)
    found = Organization.from_payload(answer.data) if was_read(answer) else None
    if isinstance(found, Malformed):
        answer, found = broken(answer, found.reason), None
    if answer.outcome is Outcome.NOT_FOUND:
        await _refuse_unknown(walk)
    readers = await ask_readers(walk, found)
    with walk.stage.batch() as batch:
        if found is not None:
            batch.put("organization", [rows.organization(found)], family=_ORGANIZATION)
        keep(batch, answer, family=_ORGANIZATION, told=coverage(answer) | doubt_of(readers.roles))
        for told in readers.answers:
            keep(batch, told, family=_ORGANIZATION, subject=READERS)
        batch.page_done(_ORGANIZATION, READERS, 1, readers.roles)
    walk.progress.finished(_ORGANIZATION, done=1, detail="")


async def _refuse_unknown(walk: Walk) -> None:
    """Ask another way before saying that there is no such organization."""
    answer = await walk.get(
        path(REPOSITORIES.path, org=walk.org), {"per_page": 1}, family=_ORGANIZATION
    )
    if answer.outcome is Outcome.NOT_FOUND:
        raise UsageError(
            f"GitHub knows no organization {walk.org!r}, or hides it from this credential.",
            hint="Check the name in the organization's address, and --api-url.",
        )


async def read_repositories(walk: Walk) -> list[Listed]:
    """Read the list of repositories and return it."""
    if not walk.stage.is_done(_REPOSITORIES):
        walk.progress.started(_REPOSITORIES, total=_expected(walk))
        await _read_list(walk)
    found = stored(walk)
    walk.progress.finished(_REPOSITORIES, done=len(found), detail="")
    return found


def stored(walk: Walk) -> list[Listed]:
    """Return the repositories that the stage holds."""
    return [Listed(*row) for row in walk.stage.rows("repository", *Listed.COLUMNS)]


async def _read_list(walk: Walk) -> None:
    expected = _expected(walk)
    before = walk.stage.last_page(_REPOSITORIES)
    ids = {row[0] for row in walk.stage.rows("repository", "repository_id")}
    malformed, start = 0, before.page + 1 if before is not None else 1
    while True:
        last = None
        async for page in pages_by_link_or_short(
            walk.api,
            path(REPOSITORIES.path, org=walk.org),
            # The order in which nothing new moves what was not read yet.
            params={"type": "all", "sort": "created", "direction": "asc"},
            start=start,
        ):
            walk.asked[_REPOSITORIES] += 1
            malformed += _store(walk, page, ids)
            walk.progress.advanced(_REPOSITORIES, done=len(ids), total=expected)
            last = page
        if last is None or not _worth_another(last, seen=len(ids), expected=expected):
            break
        start = last.number + 1
    if last is not None:
        with walk.stage.batch() as batch:
            told = listed(last, seen=len(ids), expected=expected, malformed=malformed)
            if expected is None and told["status"] == "complete":
                told |= hidden_repositories(walk)
            batch.record_coverage(_REPOSITORIES, **told)
            batch.subject_done(_REPOSITORIES)


def _store(walk: Walk, page: Page, ids: set[int]) -> int:
    """Store a page with its checkpoint; return how many of its items can't be used."""
    found = [Repository.from_payload(item) for item in page.items]
    good = [item for item in found if not isinstance(item, Malformed)]
    ids.update(item.id for item in good)
    with walk.stage.batch() as batch:
        keep(batch, page.answer, family=_REPOSITORIES)
        batch.put("repository", [rows.repository(item) for item in good], family=_REPOSITORIES)
        if was_read(page.answer):
            batch.page_done(_REPOSITORIES, "", page.number)
    return len(found) - len(good)


def _worth_another(last: Page, *, seen: int, expected: int | None) -> bool:
    """Tell whether to ask past a short page: there is no Link header, and repositories are missing."""
    silent = "link" not in last.answer.headers
    short = expected is not None and seen < expected
    return silent and short and last.reason is None and bool(last.items)


def _expected(walk: Walk) -> int | None:
    """Return how many repositories there are; both numbers are known to members only."""
    counts = walk.stage.rows("organization", "public_repos", "total_private_repos")
    if not counts or None in counts[0]:
        return None
    return int(counts[0][0]) + int(counts[0][1])
