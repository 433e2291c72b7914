"""The files of interest of every repository: trees by GraphQL in pages, by REST where that fails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from collector.github.answers import Answer
from collector.github.endpoints import WORKFLOW_TREES
from collector.github.outcomes import GraphQLError, Outcome, Reason
from collector.stage_batch import Batch
from collector.walk import rows
from collector.walk.answers import not_collected, too_heavy, was_read
from collector.walk.context import Walk, keep
from collector.walk.files import of_interest
from collector.walk.organization import Listed
from collector.walk.pagesize import PageSize
from collector.walk.pool import for_each
from collector.walk.treequery import TreeReading, alias, askable, read_tree, tree_query
from collector.walk.trees_rest import RestReading, read_by_rest, read_folder

FAMILY: Final = WORKFLOW_TREES.family
_CHUNK: Final = 500
# So many repositories in a row that GraphQL does not answer for one at a time: it won't at all.
_PATIENCE: Final = 3
# How GitHub and other servers say that a query does not fit their schema.
_SCHEMA_WORDS: Final = (
    "doesn't exist on type",
    "cannot query field",
    "parse error",
    "syntax error",
)
_ANSWERED: Final = frozenset({Outcome.OK, Outcome.GRAPHQL_PARTIAL, Outcome.SSO_PARTIAL})


async def read_trees(walk: Walk, repositories: Sequence[Listed]) -> bool:
    """Read which files of interest every repository in scope has; tell whether GraphQL answers."""
    unmatched = walk.scope.unmatched(item.full_name for item in repositories)
    if unmatched:
        walk.warn(f"No repository is named {', '.join(unmatched[:10])}, as --repos-from has it.")
    todo = _todo(walk, repositories)
    walk.progress.started(FAMILY, total=len(todo))
    reader = Trees(walk, total=len(todo))
    pages = reader.pages(todo)
    for first in pages:
        # Alone: it shows whether GraphQL answers at all, before eight workers try.
        await reader.read(first)
        break
    await for_each(pages, reader.read, workers=walk.options.workers)
    walk.stage.flush()
    walk.progress.finished(FAMILY, done=reader.done, detail="")
    return reader.graphql


def _todo(walk: Walk, repositories: Sequence[Listed]) -> list[Listed]:
    """Return the repositories to ask about, having said why the others are not."""
    todo, same, outside = [], [], []
    for repository in repositories:
        if walk.settled(FAMILY, repository.subject):
            continue
        if not walk.scope.covers(repository.full_name):
            outside.append(repository)
        elif is_unchanged(walk, repository):
            same.append(repository)
        else:
            todo.append(repository)
    words = "It is outside the scope of this run (--include, --exclude, --repos-from)."
    _tell(walk, outside, dict(not_collected(words)))
    _tell(walk, same, {"status": "unchanged", "credential": walk.api.credential.name})
    return todo


def is_unchanged(walk: Walk, repository: Listed) -> bool:
    """Tell whether nothing was pushed since the files were read, all of them."""
    known = walk.known.trees.get(repository.repository_id)
    if known is None or walk.options.full or repository.pushed_at is None:
        return False
    same_branch = known.default_branch == repository.default_branch
    return same_branch and known.pushed_at == repository.pushed_at


def _tell(walk: Walk, repositories: Sequence[Listed], told: dict[str, Any]) -> None:
    for start in range(0, len(repositories), _CHUNK):
        with walk.stage.batch() as batch:
            for repository in repositories[start : start + _CHUNK]:
                batch.record_coverage(FAMILY, repository.subject, **told)


@dataclass(slots=True)
class Trees:
    """Reads trees, with the size of a page that GitHub can bear at the moment."""

    walk: Walk
    total: int
    done: int = 0
    size: PageSize = field(default_factory=PageSize)
    graphql: bool = True
    unanswered: int = 0
    # Repositories in a row that GraphQL did not answer for.

    def __post_init__(self) -> None:
        self.graphql = self.walk.options.graphql

    def pages(self, repositories: Sequence[Listed]) -> Iterator[list[Listed]]:
        """Cut the list into pages, each as large as is borne when it is its turn."""
        start = 0
        while start < len(repositories):
            size = self.size.current if self.graphql else 1
            yield list(repositories[start : start + size])
            start += size

    async def read(self, page: list[Listed]) -> None:
        """Read one page of repositories, by whatever way answers."""
        strange = [item for item in page if not self.graphql or not askable(item.full_name)]
        await self._by_rest(strange)
        asked = [item for item in page if item not in strange]
        if asked:
            await self._by_graphql(asked)

    async def _by_graphql(self, page: list[Listed]) -> None:
        query = tree_query([repository.full_name for repository in page])
        answer = await self.walk.graphql(query, family=FAMILY, tries=1 if len(page) > 1 else 2)
        if _refused(answer):
            self._give_up(answer)
            return await self._by_rest(page)
        if answer.outcome not in _ANSWERED or _unplaced(answer):
            return await self._smaller(page, answer)
        read, failed, doubtful, denied = _sort(page, answer)
        await self._store(answer, read, denied)
        self._learn(page, read)
        await self._by_rest(doubtful)
        return await self._smaller(failed, answer) if failed else None

    async def _smaller(self, page: list[Listed], answer: Answer) -> None:
        """Ask again for less at once, and for a single repository by REST."""
        if not too_heavy(answer) and answer.outcome is not Outcome.GRAPHQL_ERROR:
            return await self._by_rest(page)
        self.size.failed(len(page))
        if len(page) == 1 or not self.graphql:
            self._learn(page, [])
            return await self._by_rest(page)
        half = len(page) // 2
        await self.read(page[:half])
        return await self.read(page[half:])

    def _learn(self, page: list[Listed], read: list[Any]) -> None:
        if read:
            self.unanswered = 0
            return self.size.succeeded()
        self.unanswered += len(page)
        if self.unanswered >= _PATIENCE and self.graphql:
            self.graphql = False
            self.walk.warn("GraphQL gave no usable answer, so repositories were read one by one.")
        return None

    def _give_up(self, answer: Answer) -> None:
        self.graphql = False
        words = f" ({answer.message})" if answer.message else ""
        self.walk.warn(f"GraphQL is not usable{words}, so repositories were read one by one.")

    async def _by_rest(self, repositories: Sequence[Listed]) -> None:
        for repository in repositories:
            found = await read_by_rest(self.walk, repository)
            with self.walk.stage.batch(lazy=True) as batch:
                for answer in found.answers:
                    keep(batch, answer, family=FAMILY, subject=repository.subject)
                _put(batch, repository, found)
            self._advance(1)

    async def _store(
        self,
        answer: Answer,
        read: list[tuple[Listed, TreeReading]],
        denied: list[tuple[Listed, Reason]],
    ) -> None:
        """Store what one query told of many repositories."""
        told: dict[str, Any] = {
            "status": "complete",
            "http_status": answer.status,
            "credential": answer.request.credential,
            "request_id": answer.request.request_id,
        }
        readings = [(item, await self._whole(item, reading, dict(told))) for item, reading in read]
        with self.walk.stage.batch() as batch:
            keep(batch, answer, family=FAMILY)
            for repository, reading in readings:
                for deeper in reading.answers:
                    keep(batch, deeper, family=FAMILY, subject=repository.subject)
                _put(batch, repository, reading)
            for repository, reason in denied:
                refusal = {"status": "denied", "reason": reason.value, "detail": answer.message}
                batch.record_coverage(FAMILY, repository.subject, **{**told, **refusal})
        self._advance(len(read) + len(denied))

    async def _whole(
        self, repository: Listed, reading: TreeReading, told: dict[str, Any]
    ) -> RestReading:
        """Complete a reading by the folders that the query did not go down to."""
        found = RestReading(reading, told)
        for folder in reading.unexplored:
            answer, entries = await read_folder(self.walk, repository, folder)
            found.answers.append(answer)
            if was_read(answer):
                found.reading = (
                    TreeReading(
                        reading.root_oid, reading.github_oid, (*found.reading.entries, *entries)
                    )
                    if found.reading
                    else None
                )
            else:
                detail = f"{folder.path} could not be read."
                found.told |= {"status": "partial", "reason": "truncated", "detail": detail}
        return found

    def _advance(self, count: int) -> None:
        self.done += count
        self.walk.progress.advanced(FAMILY, done=self.done, total=self.total)


def _put(batch: Batch, repository: Listed, found: RestReading) -> None:
    """Store what is known of a repository's tree."""
    reading = found.reading
    if reading is None:
        batch.record_coverage(FAMILY, repository.subject, **found.told)
        return
    tree = rows.repository_tree(
        reading,
        repository_id=repository.repository_id,
        default_branch=repository.default_branch,
        pushed_at=repository.pushed_at,
    )
    files = [
        rows.workflow_file(item, repository_id=repository.repository_id)
        for item in of_interest(reading.entries)
    ]
    batch.put("repository_tree", [tree], family=FAMILY, subject=repository.subject)
    batch.put("workflow_file", files, family=FAMILY, subject=repository.subject)
    told = found.told | {"seen": len(files)}
    batch.record_coverage(FAMILY, repository.subject, **told)


def _sort(
    page: list[Listed], answer: Answer
) -> tuple[
    list[tuple[Listed, TreeReading]], list[Listed], list[Listed], list[tuple[Listed, Reason]]
]:
    """Sort a page into what was read, what failed, what REST must settle, and what was refused."""
    read: list[tuple[Listed, TreeReading]] = []
    failed: list[Listed] = []
    doubtful: list[Listed] = []
    denied: list[tuple[Listed, Reason]] = []
    problems = _problems(answer.errors)
    for index, repository in enumerate(page):
        reason = problems.get(alias(index))
        node = answer.data.get(alias(index)) if isinstance(answer.data, dict) else None
        reading = read_tree(node, repository_id=repository.repository_id)
        if reason is None and reading is not None:
            read.append((repository, reading))
        elif reason is None or reason is Reason.NOT_FOUND:
            doubtful.append(repository)
        elif reason is Reason.SERVER_ERROR:
            failed.append(repository)
        else:
            denied.append((repository, reason))
    return read, failed, doubtful, denied


def _problems(errors: Sequence[GraphQLError]) -> dict[str, Reason]:
    return {str(error.path[0]): error.reason for error in errors if error.path}


def _unplaced(answer: Answer) -> bool:
    """Tell whether some error names no place, so that nothing of the answer can be trusted."""
    return any(not error.path for error in answer.errors)


def _refused(answer: Answer) -> bool:
    """Tell whether this GitHub, or this credential, has no GraphQL."""
    if answer.outcome in {Outcome.NOT_FOUND, Outcome.BAD_REQUEST, Outcome.GONE, Outcome.FORBIDDEN}:
        return True
    words = answer.message.casefold()
    no_data = answer.outcome in {Outcome.GRAPHQL_ERROR, Outcome.SERVER_ERROR}
    return no_data and any(phrase in words for phrase in _SCHEMA_WORDS)
