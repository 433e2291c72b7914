"""Which files of a checkout are read, and what each of them is."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collector.errors import UsageError

# Nobody keeps workflows there, and walking them takes long.
_SKIPPED_FOLDERS: Final = frozenset({".git", ".hg", ".tox", ".venv", "__pycache__", "node_modules"})
_CONFIGURATION: Final = frozenset({".npmrc", ".yarnrc.yml", "nuget.config", "settings.xml"})
_ALWAYS: Final = re.compile(
    r"(?:^|/)(?:action\.ya?ml|\.github/workflows/[^/]+\.ya?ml|\.github/dependabot\.ya?ml)$"
)
# A YAML file that lies elsewhere is one of ours when its text says so.
_WORKFLOW_KEY: Final = re.compile(rb"^[\"']?(?:jobs|runs)[\"']?\s*:", re.MULTILINE)
_ROOT_MARKS: Final = (".git", ".github")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read.

    Attributes:
        file: where it lies; `-` is standard input.
        shown: how it is named in what is printed.
        root: the checkout it belongs to: local calls start there.
        path: its path in that checkout, with slashes.
    """

    file: str
    shown: str
    root: str
    path: str


def find(paths: Iterable[Path]) -> Iterator[Source]:
    """Find the files to read in files and folders, each once, in a stable order.

    Raises:
        UsageError: a path does not exist or can't be listed.
    """
    seen: set[str] = set()
    for path in paths:
        for source in _below(path):
            if source.file not in seen:
                seen.add(source.file)
                yield source


def _below(path: Path) -> Iterator[Source]:
    if path.is_file():
        whole = path.resolve()
        root = _root_of(whole.parent)
        yield Source(str(path), str(path), str(root), _within(whole, root))
    elif path.is_dir():
        yield from _in_folder(path)
    else:
        raise UsageError(f"{path} does not exist.", hint="Name a file, a folder or - for stdin.")


def _in_folder(folder: Path) -> Iterator[Source]:
    top = folder.resolve()
    roots = {str(folder): _root_of(top)}
    for parent, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(set(folders) - _SKIPPED_FOLDERS)
        place = Path(parent)
        root = roots.get(parent) or roots[str(place.parent)]
        # Clones side by side, and submodules, are each a checkout of their own.
        if parent != str(folder) and any(mark in folders or mark in names for mark in _ROOT_MARKS):
            root = top / place.relative_to(folder)
        roots[parent] = root
        within = _within(top / place.relative_to(folder), root)
        prefix = "" if within == "." else f"{within}/"
        for name in sorted(names):
            file = f"{parent}{os.sep}{name}"
            if _looks_right(file, f"{prefix}{name}"):
                yield Source(file, os.path.normpath(file), str(root), f"{prefix}{name}")


def _within(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _looks_right(file: str, path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    if name in _CONFIGURATION or _ALWAYS.search(path):
        return True
    if not name.endswith((".yml", ".yaml")):
        return False
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 - thousands of files: Path costs more
            return _WORKFLOW_KEY.search(opened.read(2_000_000)) is not None
    except OSError:
        # It is read again, and its trouble said, where it matters.
        return True


def _root_of(folder: Path) -> Path:
    for candidate in (folder, *folder.parents):
        if any((candidate / mark).exists() for mark in _ROOT_MARKS):
            return candidate
    return folder


def _refuse(error: OSError) -> None:
    raise UsageError(f"{error.filename} can't be listed: {error.strerror}.") from error
