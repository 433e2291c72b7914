"""Which files beside those of a default branch's usual places some file of the run refers to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from collector.walk.digest import Digest
from collector.walk.earlier import EarlierFile
from collector.walk.files import ACTIONS, split_ref
from collector.walk.organization import Listed
from collector.workflows.uses import Reference, reference

_ACTION_FILES: Final = ("action.yml", "action.yaml")


@dataclass(frozen=True, slots=True)
class Need:
    """A reusable workflow's file, or an action's folder, at a ref."""

    repository_id: int
    path: str
    # Of the workflow, or of the action's folder; empty: the root.
    ref: str
    # Empty: the default branch.
    kind: str
    # workflow | action

    @property
    def expression(self) -> str:
        """Name the object as git does."""
        return f"{self.ref or 'HEAD'}:{self.path}"

    def stored_path(self, path: str) -> str:
        """Name a file found there as the stage does."""
        return f"{path}@{self.ref}" if self.ref else path

    def candidates(self) -> tuple[str, ...]:
        """Return the paths of the files that would satisfy it."""
        if self.kind == "workflow":
            return (self.path,)
        folder = f"{self.path}/" if self.path else ""
        return tuple(folder + name for name in _ACTION_FILES)


def needs_of(
    repository: Listed, path: str, said: Digest, *, by_name: Mapping[str, Listed]
) -> Iterator[Need]:
    """Yield what one file refers to, as far as it lies in the organization.

    Args:
        repository: the file's.
        path: the file's, with `@ref` where it was read at another ref.
        said: what the file says.
        by_name: the organization's repositories by name, in lower case.
    """
    _path, own_ref = split_ref(path)
    for text in said.uses:
        used = reference(text)
        if used.pin in {"expression", "digest", "tag"} or ".." in used.path.split("/"):
            continue
        if used.kind == "local":
            yield from _need(used, repository, ref=own_ref)
        elif (callee := by_name.get(used.repository.casefold())) is not None:
            at_head = used.ref.removeprefix("refs/heads/") == callee.default_branch
            yield from _need(used, callee, ref="" if at_head else used.ref)


def need_again(file: EarlierFile) -> Need | None:
    """Return what a file of an earlier night was read for, None where a tree brings it anyway."""
    path, ref = split_ref(file.path)
    folder = path if file.kind == "workflow" else path.rpartition("/")[0]
    if not ref and (file.kind == "workflow" or _in_tree(folder)):
        return None
    return Need(file.repository_id, folder, ref, file.kind)


def _need(used: Reference, repository: Listed, *, ref: str) -> Iterator[Need]:
    kind = "workflow" if used.is_workflow else "action"
    if ref or (kind == "action" and not _in_tree(used.path)):
        yield Need(repository.repository_id, used.path, ref, kind)


def _in_tree(folder: str) -> bool:
    """Tell whether the walk over trees reads this folder's action anyway."""
    return folder in {"", ACTIONS} or folder.startswith(f"{ACTIONS}/")
