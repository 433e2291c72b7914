"""Which repositories' files and settings a run reads; the lists themselves are never restricted."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Scope:
    """What `--include`, `--exclude` and `--repos-from` say."""

    include: tuple[str, ...] = ()
    # Globs over `name`, or over `owner/name` where a glob holds a slash; empty: every repository.
    exclude: tuple[str, ...] = ()
    names: frozenset[str] | None = None
    # Names read from a file, `name` or `owner/name`; None: no file was given.

    @property
    def everything(self) -> bool:
        """Tell whether no repository can be outside."""
        return not self.include and not self.exclude and self.names is None

    def covers(self, full_name: str) -> bool:
        """Tell whether the files and settings of `owner/name` are to be read."""
        folded = full_name.casefold()
        if self.names is not None and not _named(folded, self.names):
            return False
        if self.include and not _matches(folded, self.include):
            return False
        return not _matches(folded, self.exclude)

    def unmatched(self, full_names: Iterable[str]) -> list[str]:
        """Return the names that were given and that no repository has."""
        known = {part for name in full_names for part in _forms(name.casefold())}
        return sorted(name for name in self.names or () if name.casefold() not in known)


def _forms(folded: str) -> tuple[str, str]:
    return folded, folded.partition("/")[2]


def _named(folded: str, names: frozenset[str]) -> bool:
    known = {name.casefold() for name in names}
    return not known.isdisjoint(_forms(folded))


def _matches(folded: str, globs: tuple[str, ...]) -> bool:
    name = folded.partition("/")[2]
    return any(fnmatchcase(folded if "/" in glob else name, glob.casefold()) for glob in globs)
