"""The files that files refer to: reusable workflows and actions at other refs, in other folders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from collector.github import payloads
from collector.github.answers import Answer
from collector.github.endpoints import WORKFLOW_TREES
from collector.github.outcomes import Outcome
from collector.github.protocol import path
from collector.stage_batch import Batch
from collector.walk import rows
from collector.walk.answers import was_read
from collector.walk.blobs import Texts
from collector.walk.context import Walk, keep
from collector.walk.earlier import earlier_files
from collector.walk.files import FILE, Entry, found
from collector.walk.needs import Need, need_again, needs_of
from collector.walk.organization import Listed
from collector.walk.pool import for_each
from collector.walk.treequery import alias, askable, object_query, read_object
from collector.walk.trees_rest import CONTENTS, ROOT

FAMILY: Final = WORKFLOW_TREES.family
PROGRESS: Final = "references"
# Reusable workflows may call others, ten levels deep.
_ROUNDS: Final = 10
_PAGE: Final = 25


@dataclass(slots=True)
class References:
    """Reads what files refer to, round by round, until nothing new is referred to."""

    walk: Walk
    texts: Texts
    graphql: bool
    tried: set[Need] = field(default_factory=set)
    by_name: dict[str, Listed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        listed = self.texts.repositories.values()
        self.by_name = {item.full_name.casefold(): item for item in listed}

    async def read(self) -> None:
        """Read all that is referred to."""
        wanted = self._again()
        for _round in range(_ROUNDS):
            wanted |= self._needs()
            wanted -= self.tried
            if not wanted:
                break
            self.tried |= wanted
            await self._read_all(sorted(wanted, key=_order))
            await self.texts.read()
            wanted = set()

    def _again(self) -> set[Need]:
        """Return what earlier nights read of repositories whose tree was read anew tonight."""
        read = {row[0] for row in self.walk.stage.rows("repository_tree", "repository_id")}
        earlier = earlier_files(self.walk.inventory, self.walk.org, read)
        needs = (need_again(file) for file in earlier)
        return {need for need in needs if need is not None and self._may_read(need)}

    def _needs(self) -> set[Need]:
        """Return what the files of this run refer to and the stage does not hold yet."""
        files = self.texts.files()
        have = {(file.repository_id, file.path) for file in files}
        needs: set[Need] = set()
        for file in files:
            said = self.texts.digests.get(file.key) if file.key else None
            repository = self.texts.repositories.get(file.repository_id)
            if said is not None and repository is not None:
                needs |= set(needs_of(repository, file.path, said, by_name=self.by_name))
        return {need for need in needs if self._may_read(need) and not _held(need, have)}

    def _may_read(self, need: Need) -> bool:
        repository = self.texts.repositories.get(need.repository_id)
        return repository is not None and self.walk.scope.covers(repository.full_name)

    async def _read_all(self, needs: Sequence[Need]) -> None:
        self.walk.progress.started(PROGRESS, total=len(needs))
        size = _PAGE if self.graphql else 1
        pages = [needs[start : start + size] for start in range(0, len(needs), size)]
        await for_each(pages, self._read_page, workers=self.walk.options.workers)
        self.walk.stage.flush()
        self.walk.progress.finished(PROGRESS, done=len(needs), detail="")

    async def _read_page(self, needs: Sequence[Need]) -> None:
        askable_needs = [need for need in needs if self.graphql and askable(self._name(need))]
        left = [need for need in needs if need not in askable_needs]
        if askable_needs:
            left += await self._by_graphql(askable_needs)
        for need in left:
            await self._by_rest(need)

    async def _by_graphql(self, needs: Sequence[Need]) -> list[Need]:
        """Ask one query; return what it did not tell."""
        grouped: dict[int, list[Need]] = {}
        for need in needs:
            grouped.setdefault(need.repository_id, []).append(need)
        asked = [
            (self.texts.repositories[item].full_name, [need.expression for need in group])
            for item, group in grouped.items()
        ]
        answer = await self.walk.graphql(object_query(asked), family=PROGRESS, tries=1)
        if answer.outcome is not Outcome.OK or not isinstance(answer.data, dict):
            return list(needs)
        left: list[Need] = []
        with self.walk.stage.batch(lazy=True) as batch:
            keep(batch, answer, family=FAMILY)
            for index, group in enumerate(grouped.values()):
                node = answer.data.get(alias(index))
                if not isinstance(node, dict) or node.get("databaseId") != group[0].repository_id:
                    left += group
                    continue
                for place, need in enumerate(group):
                    _put(batch, need, read_object(node.get(f"o{place}"), path=need.path))
        return left

    async def _by_rest(self, need: Need) -> None:
        repository = self.texts.repositories[need.repository_id]
        template = CONTENTS if need.path else ROOT
        url = path(template, owner=repository.owner, repo=repository.name, path=need.path)
        answer = await self.walk.get(url, {"ref": need.ref} if need.ref else None, family=PROGRESS)
        with self.walk.stage.batch(lazy=True) as batch:
            keep(batch, answer, family=FAMILY, subject=repository.subject)
            if was_read(answer):
                _put(batch, need, tuple(_listed(answer, need.path)))
            elif answer.outcome is not Outcome.NOT_FOUND:
                _put_failed(batch, need, answer)

    def _name(self, need: Need) -> str:
        return self.texts.repositories[need.repository_id].full_name


def _held(need: Need, have: set[tuple[int, str]]) -> bool:
    return any((need.repository_id, need.stored_path(name)) in have for name in need.candidates())


def _put(batch: Batch, need: Need, entries: Sequence[Entry]) -> None:
    """Store the file that satisfies a need; without one there is nothing to read, and no fault."""
    by_path = {entry.path: entry for entry in entries}
    entry = next((by_path[name] for name in need.candidates() if name in by_path), None)
    if entry is None:
        return
    file = found(replace(entry, path=need.stored_path(entry.path)), kind=need.kind)
    row = rows.workflow_file(file, repository_id=need.repository_id)
    batch.put("workflow_file", [row], family=FAMILY, subject=str(need.repository_id))


def _put_failed(batch: Batch, need: Need, answer: Answer) -> None:
    name = need.candidates()[0]
    entry = Entry(need.stored_path(name), FILE, "", None)
    reason = answer.reason.value if answer.reason else "server_error"
    row = rows.workflow_file(
        found(entry, kind=need.kind), repository_id=need.repository_id, failed=reason
    )
    batch.put("workflow_file", [row], family=FAMILY, subject=str(need.repository_id))


def _listed(answer: Answer, where: str) -> Iterator[Entry]:
    """Read what the contents endpoint says: one file, or the entries of a folder."""
    items: list[Any] = answer.data if isinstance(answer.data, list) else [answer.data]
    folder = isinstance(answer.data, list)
    for item in items:
        name, sha = payloads.text(item, "name"), payloads.text(item, "sha")
        kind = payloads.text(item, "type") or "file"
        if name and sha and kind in {"file", "symlink"}:
            inside = f"{where}/{name}" if where else name
            mode = FILE if kind == "file" else "120000"
            yield Entry(inside if folder else where, mode, sha, payloads.integer(item, "size"))


def _order(need: Need) -> tuple[int, str, str]:
    return need.repository_id, need.path, need.ref
