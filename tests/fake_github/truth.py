"""What is true of a world, to compare with what an inventory says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fake_github.world import World

WORKFLOWS = ".github/workflows/"


@dataclass(frozen=True, slots=True)
class Truth:
    """Facts of one organization.

    Attributes:
        packages: (type, name) to visibility.
        connections: (type, name) to the connected repository's full name, or None.
        repositories: full name to visibility.
        workflows: (full name, path) to blob id, top-level .yml and .yaml on the default branch.
        pat_logins: (full name, path, secret) of each file that logs in with a stored secret.
        blobs: different workflow texts.
    """

    packages: dict[tuple[str, str], str]
    connections: dict[tuple[str, str], str | None]
    repositories: dict[str, str]
    workflows: dict[tuple[str, str], str]
    pat_logins: frozenset[tuple[str, str, str]]

    @property
    def blobs(self) -> frozenset[str]:
        """Give the ids of all different workflow texts."""
        return frozenset(self.workflows.values())

    def visibilities(self, visibility: str) -> set[tuple[str, str]]:
        """Give the packages of one visibility."""
        return {key for key, seen in self.packages.items() if seen == visibility}


def truth_of(world: World, login: str = "acme") -> Truth:
    """Read the truth off a world as it stands now."""
    organization = world[login]
    workflows = {
        (repository.full_name, path): file.oid
        for repository in organization.repositories.values()
        if repository.head is not None
        for path, file in repository.head.files.items()
        if is_workflow(path) and file.type == "blob"
    }
    return Truth(
        packages={key: p.visibility for key, p in organization.packages.items()},
        connections={
            key: p.repository.full_name if p.repository else None
            for key, p in organization.packages.items()
        },
        repositories={r.full_name: r.visibility for r in organization.repositories.values()},
        workflows=workflows,
        pat_logins=frozenset(world.pat_logins),
    )


def is_workflow(path: str) -> bool:
    """Tell whether Actions reads a file: directly in the folder, and YAML by its name."""
    return path.startswith(WORKFLOWS) and path.count("/") == 2 and path.endswith((".yml", ".yaml"))
