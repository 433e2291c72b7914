"""The tree of one repository by REST: whole, or level by level, or by listing folders."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from collector.github import payloads
from collector.github.answers import Answer
from collector.github.endpoints import REPOSITORY, WORKFLOW_TREES
from collector.github.models import Repository, TreeEntry
from collector.github.outcomes import Outcome
from collector.github.payloads import Malformed
from collector.github.protocol import path
from collector.walk.answers import broken, coverage, was_read
from collector.walk.context import Walk
from collector.walk.files import ACTIONS, FILE, SUBMODULE, SYMLINK, TREE, Entry, git_mode
from collector.walk.organization import Listed
from collector.walk.treequery import TreeReading

_FAMILY: Final = WORKFLOW_TREES.family
CONTENTS: Final = "/repos/{owner}/{repo}/contents/{+path}"
ROOT: Final = "/repos/{owner}/{repo}/contents"
_MODES: Final = {"file": FILE, "dir": TREE, "symlink": SYMLINK, "submodule": SUBMODULE}
# Folders beneath .github/actions; nobody has more, and each is a request.
_MOST_FOLDERS: Final = 200


@dataclass(slots=True)
class RestReading:
    """What REST says of a repository's tree."""

    reading: TreeReading | None = None
    told: dict[str, Any] = field(default_factory=dict)
    # For coverage.
    answers: list[Answer] = field(default_factory=list)


async def read_by_rest(walk: Walk, repository: Listed) -> RestReading:
    """Read the tree of a repository's default branch."""
    asked = _Asked(walk, repository)
    ref = repository.default_branch or "HEAD"
    answer = await asked.tree(ref, recursive=True)
    if answer.outcome is Outcome.CONFLICT:
        return asked.result(answer, ())
    if answer.outcome is Outcome.NOT_FOUND:
        return await _by_contents(asked)
    if not was_read(answer):
        return asked.result(answer, None)
    if answer.data.get("truncated") is True:
        return await _level_by_level(asked, ref)
    return asked.result(answer, _entries(answer.data))


async def read_folder(walk: Walk, repository: Listed, folder: Entry) -> tuple[Answer, list[Entry]]:
    """Read a folder that a query did not go down to, with all beneath it."""
    answer = await _Asked(walk, repository).tree(folder.sha, recursive=True)
    return answer, list(_entries(answer.data, folder.path)) if was_read(answer) else []


@dataclass(slots=True)
class _Asked:
    walk: Walk
    repository: Listed
    answers: list[Answer] = field(default_factory=list)

    async def tree(self, ref: str, *, recursive: bool) -> Answer:
        url = path(
            WORKFLOW_TREES.path, owner=self.repository.owner, repo=self.repository.name, ref=ref
        )
        answer = await self.get(url, {"recursive": "1"} if recursive else None)
        if not was_read(answer) or isinstance(_object(answer).get("tree"), list):
            return answer
        self.answers[-1] = broken(answer, "the answer is no tree")
        return self.answers[-1]

    async def folder(self, folder: str) -> Answer:
        owner, repo = self.repository.owner, self.repository.name
        template = CONTENTS if folder else ROOT
        url = path(template, owner=owner, repo=repo, path=folder)
        branch = self.repository.default_branch
        return await self.get(url, {"ref": branch} if branch else None)

    async def get(self, url: str, params: dict[str, str] | None = None) -> Answer:
        answer = await self.walk.get(url, params, family=_FAMILY)
        self.answers.append(answer)
        return answer

    def result(
        self, answer: Answer, entries: Iterable[Entry] | None, *, missing: str = ""
    ) -> RestReading:
        told = coverage(answer)
        if entries is None:
            return RestReading(None, told, self.answers)
        if answer.outcome in {Outcome.CONFLICT, Outcome.NOT_FOUND}:
            # An empty repository, or one without such a folder, was read: nothing is in it.
            told |= {"status": "complete", "reason": None, "detail": None}
        if missing:
            told |= {"status": "partial", "reason": "truncated", "detail": missing}
        found = tuple(entries)
        github = next((entry.sha for entry in found if entry.path == ".github"), None)
        root = payloads.text(answer.data, "sha") if isinstance(answer.data, dict) else None
        reading = TreeReading(root_oid=root, github_oid=github, entries=found)
        return RestReading(reading, told, self.answers)


async def _level_by_level(asked: _Asked, ref: str) -> RestReading:
    """Read the root and the folders of interest, for a tree too large to be listed whole."""
    root = await asked.tree(ref, recursive=False)
    if not was_read(root):
        return asked.result(root, None)
    entries = list(_entries(root.data))
    folders = [entry for entry in entries if _followed(entry)]
    while folders and len(asked.answers) < _MOST_FOLDERS:
        folder = folders.pop()
        answer = await asked.tree(folder.sha, recursive=False)
        if not was_read(answer):
            return asked.result(answer, None)
        inner = list(_entries(answer.data, folder.path))
        entries += inner
        folders += [entry for entry in inner if _followed(entry)]
    missing = "Too many folders beneath .github/actions." if folders else ""
    return asked.result(root, entries, missing=missing)


async def _by_contents(asked: _Asked) -> RestReading:
    """List folder by folder, where the git endpoint answers 404."""
    root = await asked.folder("")
    if root.outcome is Outcome.NOT_FOUND:
        return await _empty_or_hidden(asked, root)
    if not was_read(root):
        return asked.result(root, None)
    entries = list(_listed(root, ""))
    wanted = [entry.path for entry in entries if _followed(entry)]
    while wanted and len(asked.answers) < _MOST_FOLDERS:
        folder = wanted.pop()
        answer = await asked.folder(folder)
        if not was_read(answer):
            return asked.result(answer, None)
        inner = list(_listed(answer, folder))
        entries += inner
        wanted += [entry.path for entry in inner if _followed(entry)]
    missing = "Too many folders beneath .github/actions." if wanted else ""
    return asked.result(root, entries, missing=missing)


async def _empty_or_hidden(asked: _Asked, root: Answer) -> RestReading:
    """Tell an empty repository, which has no contents, from one that may not be read."""
    url = path(REPOSITORY.path, owner=asked.repository.owner, repo=asked.repository.name)
    answer = await asked.get(url)
    found = Repository.from_payload(answer.data) if was_read(answer) else None
    if found is None or isinstance(found, Malformed):
        return asked.result(answer, None)
    return asked.result(root, () if found.size == 0 else None)


def _followed(entry: Entry) -> bool:
    if entry.mode != TREE:
        return False
    named = {".github", ".github/workflows", ACTIONS, "docs", ".mvn"}
    return entry.path in named or entry.path.startswith(f"{ACTIONS}/")


def _entries(tree: Any, folder: str = "") -> Iterable[Entry]:
    for item in payloads.sequence(tree, "tree"):
        entry = TreeEntry.from_payload(item)
        if not isinstance(entry, Malformed):
            inside = f"{folder}/{entry.path}" if folder else entry.path
            yield Entry(inside, git_mode(entry.mode), entry.sha, entry.size)


def _listed(answer: Answer, folder: str) -> Iterable[Entry]:
    for item in answer.data if isinstance(answer.data, list) else []:
        name, sha = payloads.text(item, "name"), payloads.text(item, "sha")
        if name and sha:
            inside = f"{folder}/{name}" if folder else name
            yield Entry(inside, _mode(item), sha, payloads.integer(item, "size"))


def _mode(item: Any) -> str:
    """Tell the mode of a listed item; until 2026 a submodule is called a file, but has a tree."""
    kind = payloads.text(item, "type") or ""
    submodule = kind == "file" and "/git/trees/" in (payloads.text(item, "git_url") or "")
    return SUBMODULE if submodule else _MODES.get(kind, FILE)


def _object(answer: Answer) -> dict[str, Any]:
    return answer.data if isinstance(answer.data, dict) else {}
