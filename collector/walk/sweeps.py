"""Which package lists are asked for, and which visibility a package has after all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from collector.github.editions import Edition

PACKAGE_TYPES: Final = ("container", "npm", "maven", "nuget", "rubygems", "docker")


@dataclass(frozen=True, slots=True)
class Sweep:
    """One list of packages: one type, one visibility."""

    package_type: str
    visibility: str

    @property
    def subject(self) -> str:
        """Name the sweep as coverage does."""
        return f"{self.package_type}/{self.visibility}"


def granular_types(edition: Edition) -> frozenset[str]:
    """Return the package types with permissions of their own; elsewhere `internal` is `private`."""
    return frozenset(registry.kind.value for registry in edition.registries if registry.granular)


def sweeps(granular: frozenset[str]) -> Iterator[Sweep]:
    """Name every sweep; internal ones last, so that a package found twice ends as internal."""
    for package_type in PACKAGE_TYPES:
        yield Sweep(package_type, "public")
        yield Sweep(package_type, "private")
    for package_type in PACKAGE_TYPES:
        if package_type in granular:
            yield Sweep(package_type, "internal")


@dataclass(frozen=True, slots=True)
class Decided:
    """A package's visibility, and whether sweep and field disagree."""

    visibility: str
    disagrees: bool


def decide(sweep: str, reported: str | None, *, filter_ignored: bool) -> Decided:
    """Tell a package's visibility from the sweep that found it and the field it carries.

    GitHub's schema has no `internal` in the field, only in the filter: there the sweep is right.
    Everywhere else a field that contradicts the sweep was written for this very package.
    """
    field = reported if reported in {"public", "internal", "private"} else None
    if field is None or field == sweep:
        return Decided(sweep, disagrees=False)
    if sweep == "internal" and field == "private" and not filter_ignored:
        return Decided("internal", disagrees=False)
    if sweep == "private" and field == "internal":
        return Decided("internal", disagrees=False)
    return Decided(field, disagrees=True)


def ignores_filter(sweep: str, reported: str | None) -> bool:
    """Tell whether a package could not be in this sweep if the server minded its filter."""
    return (sweep, reported) in {
        ("public", "private"),
        ("public", "internal"),
        ("private", "public"),
        ("internal", "public"),
    }


@dataclass(slots=True)
class Pass:
    """One reading of a list from its first page: the signs that it moved meanwhile."""

    sizes: list[int] = field(default_factory=list)
    duplicates: int = 0
    fresh: int = 0
    # Packages that no pass and no page before had.

    @classmethod
    def resumed(cls, state: Any) -> "Pass":
        """Go on with what a checkpoint remembers."""
        told = state if isinstance(state, dict) else {}
        return cls(
            sizes=[int(size) for size in told.get("sizes", [])],
            duplicates=int(told.get("duplicates", 0)),
            fresh=int(told.get("fresh", 0)),
        )

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint must remember."""
        return {"sizes": self.sizes, "duplicates": self.duplicates, "fresh": self.fresh}

    def add(self, ids: Sequence[int], *, size: int, known: set[int], first: bool) -> None:
        """Take note of a page; `known` is what all pages before it had."""
        new = set(ids) - known
        self.sizes.append(size)
        self.fresh += len(new)
        self.duplicates += len(ids) - len(new) if first else 0

    def moved(self, *, first: bool) -> bool:
        """Tell whether the list changed under the reader.

        The first time: a package came twice, or a page in the middle was shorter than its
        neighbours. After that: something came that nobody had seen.
        """
        return self.duplicates > 0 or len(set(self.sizes[:-1])) > 1 if first else self.fresh > 0
