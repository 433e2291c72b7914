"""Which files of a repository are worth reading, and why some of those can't be."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

# What the parser refuses is refused there, with a line and a reason; this bound is for memory.
LARGEST_FILE: Final = 10 * 1024 * 1024
WORKFLOWS: Final = ".github/workflows"
ACTIONS: Final = ".github/actions"

FILE, TREE, SYMLINK, SUBMODULE = "100644", "040000", "120000", "160000"
_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
_ACTION = re.compile(r"(?:\.github/actions/(?:[^/]+/)*)?action\.ya?ml")
_NAMED: Final = {
    ".github/dependabot.yml": "dependabot",
    ".github/dependabot.yaml": "dependabot",
    "CODEOWNERS": "codeowners",
    ".github/CODEOWNERS": "codeowners",
    "docs/CODEOWNERS": "codeowners",
    ".npmrc": "config",
    ".yarnrc.yml": "config",
    "settings.xml": "config",
    ".mvn/settings.xml": "config",
}
_SKIPPED: Final = {TREE: "directory", SYMLINK: "symlink", SUBMODULE: "submodule"}


# How a file at another ref than the default branch is named: `path@ref`.
_AT_REF: Final = re.compile(r"(.+?\.ya?ml)@(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a git tree, with its path from the root."""

    path: str
    mode: str
    # Six octal digits, as git writes it.
    sha: str
    size: int | None


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file of interest as its tree names it; its text is read later, if it can be."""

    path: str
    kind: str
    # workflow | action | dependabot | codeowners | config
    sha: str
    mode: str
    size: int | None
    skipped: str
    # Why its text is not read: symlink, submodule, directory, too_large; empty: it is.


def kind_of(path: str) -> str | None:
    """Tell what a path is read as, None when it is of no interest."""
    if _WORKFLOW.fullmatch(path):
        return "workflow"
    if _ACTION.fullmatch(path):
        return "action"
    # NuGet finds its file in any case: https://learn.microsoft.com/nuget/reference/nuget-config-file
    if path.casefold() == "nuget.config":
        return "config"
    return _NAMED.get(path)


def of_interest(entries: Iterable[Entry]) -> Iterator[FoundFile]:
    """Pick the files of interest, and whatever stands in the place of one and can't be read."""
    for entry in entries:
        kind = kind_of(entry.path) or _misplaced(entry)
        if kind is not None:
            yield found(entry, kind=kind)


def found(entry: Entry, *, kind: str) -> FoundFile:
    """Describe an entry as a file of a kind."""
    reason = _SKIPPED.get(entry.mode, "")
    if not reason and (entry.size or 0) > LARGEST_FILE:
        reason = "too_large"
    return FoundFile(
        path=entry.path,
        kind=kind,
        sha=entry.sha,
        mode=entry.mode,
        # Of a folder or a submodule some answers say 0, and others nothing.
        size=None if entry.mode in {TREE, SUBMODULE} else entry.size,
        skipped=reason,
    )


def split_ref(path: str) -> tuple[str, str]:
    """Take `path@ref` apart; the ref is empty for a file of the default branch."""
    match = _AT_REF.fullmatch(path)
    return (match[1], match[2]) if match else (path, "")


def git_mode(value: object) -> str:
    """Write a file mode as git does: GraphQL answers with a number, REST with its octal digits."""
    if isinstance(value, int):
        return format(value, "06o")
    return value.zfill(6) if isinstance(value, str) else ""


def _misplaced(entry: Entry) -> str | None:
    """Tell what hides workflows or actions: GitHub reads no folder below, no link, no submodule."""
    folder = entry.path.rpartition("/")[0]
    if folder == WORKFLOWS and entry.mode in _SKIPPED:
        return "workflow"
    if entry.path in {".github", WORKFLOWS} and entry.mode in {SYMLINK, SUBMODULE}:
        return "workflow"
    in_actions = entry.path == ACTIONS or entry.path.startswith(f"{ACTIONS}/")
    return "action" if in_actions and entry.mode in {SYMLINK, SUBMODULE} else None
