"""Git as far as the API shows it: blobs and trees with their true object ids."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

REGULAR, EXECUTABLE, SYMLINK, SUBMODULE, TREE = "100644", "100755", "120000", "160000", "040000"


def object_id(kind: str, body: bytes) -> str:
    """Return what `git hash-object` would say."""
    return hashlib.sha1(
        b"%s %d\0" % (kind.encode(), len(body)) + body, usedforsecurity=False
    ).hexdigest()


@dataclass(frozen=True, slots=True)
class File:
    """One entry that is not a directory; a submodule's content is the commit it points at."""

    content: bytes
    mode: str = REGULAR
    oid: str = ""

    @classmethod
    def of(cls, content: str | bytes, *, mode: str = REGULAR) -> "File":
        """Make an entry and compute its object id."""
        body = content.encode() if isinstance(content, str) else content
        oid = body.decode() if mode == SUBMODULE else object_id("blob", body)
        return cls(body, mode, oid)

    @property
    def type(self) -> str:
        """Say what git calls it: blob, or commit for a submodule."""
        return "commit" if self.mode == SUBMODULE else "blob"


def symlink(target: str) -> File:
    """Make a symbolic link."""
    return File.of(target, mode=SYMLINK)


def submodule(commit: str = "5" * 40) -> File:
    """Make a submodule that points at a commit."""
    return File.of(commit, mode=SUBMODULE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree, `size` only where it is a blob."""

    name: str
    mode: str
    type: str
    oid: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """One directory."""

    oid: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Snapshot:
    """All files of one commit; its trees are computed when they are first asked for."""

    files: Mapping[str, File]
    _trees: dict[str, Tree] | None = field(default=None, repr=False)

    @property
    def trees(self) -> dict[str, Tree]:
        """Give every directory by its path; the root is the empty string."""
        if self._trees is None:
            nested: dict[str, dict[str, File]] = {"": {}}
            for path, file in self.files.items():
                parent, _, name = path.rpartition("/")
                nested.setdefault(parent, {})[name] = file
            self._trees = {}
            _build("", _with_parents(nested), self._trees)
        return self._trees

    @property
    def commit(self) -> str:
        """Give the id of the commit; it depends on nothing but the tree."""
        return object_id("commit", f"tree {self.trees[''].oid}\n".encode())

    def tree(self, path: str) -> Tree | None:
        """Look a directory up by its path."""
        return self.trees.get(path.strip("/"))

    def walk(self, path: str = "") -> Iterator[tuple[str, Entry]]:
        """Yield what lies below a directory, depth first, in git's order."""
        for entry in self.trees[path].entries:
            full = f"{path}/{entry.name}" if path else entry.name
            yield full, entry
            if entry.type == "tree":
                yield from self.walk(full)


def _with_parents(nested: dict[str, dict[str, File]]) -> dict[str, dict[str, File]]:
    for path in list(nested):
        parent = path
        while parent:
            parent = parent.rpartition("/")[0]
            nested.setdefault(parent, {})
    return nested


def _build(path: str, nested: dict[str, dict[str, File]], into: dict[str, Tree]) -> Tree:
    entries = [
        Entry(
            name, file.mode, file.type, file.oid, len(file.content) if file.type == "blob" else None
        )
        for name, file in nested[path].items()
    ]
    prefix = f"{path}/" if path else ""
    for child in [p for p in nested if p and p.startswith(prefix) and "/" not in p[len(prefix) :]]:
        tree = _build(child, nested, into)
        entries.append(Entry(child[len(prefix) :], TREE, "tree", tree.oid))
    # git sorts a directory as if its name ended in a slash
    entries.sort(key=lambda e: f"{e.name}/" if e.type == "tree" else e.name)
    body = b"".join(
        f"{e.mode.lstrip('0')} {e.name}".encode() + b"\0" + bytes.fromhex(e.oid) for e in entries
    )
    into[path] = Tree(object_id("tree", body), tuple(entries))
    return into[path]
