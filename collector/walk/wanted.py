"""Whose settings, secrets and versions a night asks for, and in which order.

A repository costs eight requests and more, so a large organization's are read where a rule can use
them, over several nights: what was never read comes first, then what was read longest ago.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# Up to here everything is read every night.
SMALL_ORGANIZATION: Final = 500
DEFAULT_BUDGET: Final = 2_000

SETTINGS: Final = ("repo_actions_permissions", "repo_workflow_permissions", "repo_actions_policies")
SECRETS: Final = (
    "repo_secrets",
    "repo_variables",
    "repo_environments",
    "repo_dependabot_secrets",
)
NEVER: Final = datetime.min  # noqa: DTZ901 - times of the database have no zone


@dataclass(frozen=True, slots=True)
class Candidate:
    """What decides whether a repository's settings are wanted."""

    repository_id: int
    visibility: str
    stored_secret_login: bool = False
    # Some workflow of it logs in to a registry with a stored secret.
    package_evidence: bool = False
    # Something connects it to a package.


@dataclass(frozen=True, slots=True)
class Wanted:
    """The families to ask one repository for."""

    repository_id: int
    families: tuple[str, ...]
    last_read: datetime | None
    # Of the family that was read longest ago; None: one was never read.


def budget_for(repositories: int, *, asked: int | None) -> int | None:
    """Return how many requests settings, secrets and versions may take; None: as many as needed."""
    if asked is not None:
        return asked
    return None if repositories <= SMALL_ORGANIZATION else DEFAULT_BUDGET


def wanted_settings(
    candidates: Iterable[Candidate],
    *,
    everything: bool,
    last_read: Mapping[tuple[str, int], datetime],
) -> list[Wanted]:
    """Decide what to ask of which repository, in the order in which to ask.

    Args:
        candidates: the repositories in scope.
        everything: ask every repository for every family.
        last_read: when a family of a repository was last read in full.
    """
    ranked = []
    for candidate in candidates:
        families, rank = _families(candidate, everything=everything)
        if families:
            families = _longest_ago_first(candidate.repository_id, families, last_read)
            oldest = _oldest(candidate.repository_id, families, last_read)
            ranked.append((oldest is not None, rank, oldest or NEVER, candidate, families))
    ranked.sort(key=lambda row: (*row[:3], row[3].repository_id))
    return [
        Wanted(candidate.repository_id, families, last_read=oldest if known else None)
        for known, _rank, oldest, candidate, families in ranked
    ]


@dataclass(frozen=True, slots=True)
class PackageAge:
    """What decides whether a package's newest version is asked for."""

    package_id: int
    visibility: str
    granular: bool
    changed: bool
    # Updated since its newest version was last read.
    last_read: datetime | None


def wanted_versions(packages: Iterable[PackageAge], *, again: bool) -> list[int]:
    """Name the packages whose newest version to ask for: never read first, then changed, then old.

    Args:
        packages: every package of the run.
        again: ask also for those that were not updated since they were last read.
    """
    rows = [
        (
            package.last_read is not None,
            _private_first(package),
            package.last_read or NEVER,
            package,
        )
        for package in packages
        if again or package.last_read is None or package.changed
    ]
    rows.sort(key=lambda row: (*row[:3], row[3].package_id))
    return [package.package_id for *_, package in rows]


def _families(candidate: Candidate, *, everything: bool) -> tuple[tuple[str, ...], int]:
    forks = "repo_fork_approval" if candidate.visibility == "public" else "repo_fork_private"
    if everything or candidate.stored_secret_login:
        return (*SETTINGS, forks, *SECRETS), 0
    if candidate.package_evidence:
        return (*SETTINGS, forks), 1 if candidate.visibility == "public" else 2
    # Whether forks of private repositories get tokens and secrets is a rule of its own.
    return ((forks,), 3) if candidate.visibility != "public" else ((), 4)


def _longest_ago_first(
    repository_id: int, families: tuple[str, ...], last_read: Mapping[tuple[str, int], datetime]
) -> tuple[str, ...]:
    """Order a repository's families, or a run that always ends early would never come to the last."""
    return tuple(sorted(families, key=lambda name: last_read.get((name, repository_id), NEVER)))


def _oldest(
    repository_id: int, families: tuple[str, ...], last_read: Mapping[tuple[str, int], datetime]
) -> datetime | None:
    times = [last_read.get((family, repository_id)) for family in families]
    known = [time for time in times if time is not None]
    return min(known) if len(known) == len(times) else None


def _private_first(package: PackageAge) -> bool:
    return not (package.granular and package.visibility in {"private", "internal"})
