"""One GraphQL query for the trees of many repositories, and what its answer says of each."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from collector.walk.files import ACTIONS, FILE, SUBMODULE, TREE, Entry, git_mode

# Only entry ids: texts come by their id, and only those nobody has yet.
_ENTRIES: Final = "entries { name mode type oid size }"
_DEEPER: Final = (
    "entries { name mode type oid size object { ... on Tree { "
    "entries { name mode type oid size object { ... on Tree { "
    "entries { name mode type oid size } } } } } } }"
)
_FIELDS: Final = (
    "databaseId isEmpty defaultBranchRef { name } "
    'root: object(expression: "HEAD:") { oid ... on Tree { ' + _ENTRIES + " } } "
    'github: object(expression: "HEAD:.github") { oid ... on Tree { ' + _ENTRIES + " } } "
    'workflows: object(expression: "HEAD:.github/workflows") { ... on Tree { ' + _ENTRIES + " } } "
    'actions: object(expression: "HEAD:.github/actions") { ... on Tree { ' + _DEEPER + " } } "
    'codeowners: object(expression: "HEAD:docs/CODEOWNERS") { oid ... on Blob { byteSize } } '
    'maven: object(expression: "HEAD:.mvn/settings.xml") { oid ... on Blob { byteSize } }'
)
# https://docs.github.com/en/repositories/creating-and-managing-repositories: nothing else in names.
_NAME = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class TreeReading:
    """The tree of a repository's default branch, as far as it is of interest."""

    root_oid: str | None
    # None: the repository is empty.
    github_oid: str | None
    # Of .github; None: there is none.
    entries: tuple[Entry, ...]
    unexplored: tuple[Entry, ...] = ()
    # Folders beneath .github/actions that lie deeper than the query went.


def askable(full_name: str) -> bool:
    """Tell whether a repository's name can be written into a query."""
    return _NAME.fullmatch(full_name) is not None


def tree_query(full_names: Sequence[str]) -> str:
    """Write one query for the trees of these repositories, `r0` being the first."""
    parts = [
        f"{alias(i)}: {_repository(name)} {{ {_FIELDS} }}" for i, name in enumerate(full_names)
    ]
    return f"query {{ {' '.join(parts)} }}"


def object_query(asked: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Write one query for single objects (`ref:path`) of several repositories."""
    parts = [
        f"{alias(i)}: {_repository(name)} {{ databaseId {_objects(expressions)} }}"
        for i, (name, expressions) in enumerate(asked)
    ]
    return f"query {{ {' '.join(parts)} }}"


def text_query(asked: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Write one query for the texts of blobs of several repositories."""
    parts = []
    for i, (name, shas) in enumerate(asked):
        objects = " ".join(
            f"o{j}: object(oid: {json.dumps(sha)}) {{ ... on Blob {{ text }} }}"
            for j, sha in enumerate(shas)
        )
        parts.append(f"{alias(i)}: {_repository(name)} {{ {objects} }}")
    return f"query {{ {' '.join(parts)} }}"


def alias(index: int) -> str:
    """Name the repository at this place of a query."""
    return f"r{index}"


def read_tree(node: Any, *, repository_id: int) -> TreeReading | None:
    """Read one repository of an answer; None: the answer does not tell, so ask another way."""
    if not isinstance(node, dict) or node.get("databaseId", repository_id) != repository_id:
        # Another repository has taken the name since the list was read.
        return None
    if node.get("isEmpty") is True:
        return TreeReading(root_oid=None, github_oid=None, entries=())
    root = node.get("root")
    if not isinstance(root, dict) or not isinstance(root.get("entries"), list):
        return None
    entries, unexplored = _all_entries(node)
    github = next((entry.sha for entry in entries if entry.path == ".github"), None)
    return TreeReading(
        root_oid=_sha(root.get("oid")),
        github_oid=github,
        entries=tuple(entries),
        unexplored=tuple(unexplored),
    )


def read_object(node: Any, *, path: str) -> tuple[Entry, ...]:
    """Read one object of an answer: the blob itself, or the entries of a folder."""
    if not isinstance(node, dict):
        return ()
    if isinstance(node.get("entries"), list):
        return tuple(_entries(node, folder=path))
    blob = _blob(node, path=path)
    return () if blob is None else (blob,)


def _repository(full_name: str) -> str:
    owner, _, name = full_name.partition("/")
    return f"repository(owner: {json.dumps(owner)}, name: {json.dumps(name)})"


def _objects(expressions: Sequence[str]) -> str:
    return " ".join(
        f"o{i}: object(expression: {json.dumps(expression)}) "
        f"{{ oid ... on Blob {{ byteSize }} ... on Tree {{ {_ENTRIES} }} }}"
        for i, expression in enumerate(expressions)
    )


def _all_entries(node: Mapping[str, Any]) -> tuple[list[Entry], list[Entry]]:
    entries = list(_entries(node.get("root"), folder=""))
    entries += _entries(node.get("github"), folder=".github")
    entries += _entries(node.get("workflows"), folder=".github/workflows")
    unexplored: list[Entry] = []
    entries += _nested(node.get("actions"), folder=ACTIONS, unexplored=unexplored)
    for key, path in (("codeowners", "docs/CODEOWNERS"), ("maven", ".mvn/settings.xml")):
        blob = _blob(node.get(key), path=path)
        entries += [blob] if blob is not None else []
    return entries, unexplored


def _nested(tree: Any, *, folder: str, unexplored: list[Entry]) -> Iterator[Entry]:
    listed = tree.get("entries") if isinstance(tree, dict) else None
    for item in listed if isinstance(listed, list) else []:
        entry = _entry(item, folder=folder)
        if entry is None:
            continue
        yield entry
        if entry.mode == TREE:
            inner = item.get("object")
            if isinstance(inner, dict) and isinstance(inner.get("entries"), list):
                yield from _nested(inner, folder=entry.path, unexplored=unexplored)
            else:
                unexplored.append(entry)


def _entries(tree: Any, *, folder: str) -> Iterator[Entry]:
    listed = tree.get("entries") if isinstance(tree, dict) else None
    for item in listed if isinstance(listed, list) else []:
        entry = _entry(item, folder=folder)
        if entry is not None:
            yield entry


def _entry(item: Any, *, folder: str) -> Entry | None:
    name, sha = (
        (item.get("name"), _sha(item.get("oid"))) if isinstance(item, dict) else (None, None)
    )
    if not isinstance(name, str) or not name or sha is None:
        return None
    size = item.get("size")
    return Entry(
        path=f"{folder}/{name}" if folder else name,
        mode=_mode(item),
        sha=sha,
        size=size if isinstance(size, int) else None,
    )


def _mode(item: Mapping[str, Any]) -> str:
    if item.get("mode") is not None:
        return git_mode(item["mode"])
    return {"tree": TREE, "commit": SUBMODULE}.get(str(item.get("type")), FILE)


def _blob(node: Any, *, path: str) -> Entry | None:
    if not isinstance(node, dict) or not isinstance(node.get("byteSize"), int):
        return None
    sha = _sha(node.get("oid"))
    return None if sha is None else Entry(path=path, mode=FILE, sha=sha, size=node["byteSize"])


def _sha(value: Any) -> str | None:
    return value if isinstance(value, str) and _SHA.fullmatch(value) else None
