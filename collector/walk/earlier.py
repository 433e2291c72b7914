"""What the newest published run holds that decides what to ask for tonight; read in one go."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.store import open_inventory

_REFERENCED = """
select repository_id, path, kind from workflow_file
where org = ? and valid_to_run is null and kind in ('workflow', 'action')
    and list_contains(?, repository_id)
order by repository_id, path
"""
_EVIDENCE = """
select distinct repository_id from package_reference where org = ? and valid_to_run is null
union
select distinct repository_id from registry_login where org = ? and valid_to_run is null
"""
_VERSIONS = """
select package_id, name, tags, created_at from package_version
where org = ? and valid_to_run is null
order by package_id, version_id
"""
_REFERRING = """
select distinct repository_id, path from package_reference where org = ? and valid_to_run is null
order by repository_id, path
"""


@dataclass(frozen=True, slots=True)
class EarlierFile:
    """A workflow or an action that a repository had."""

    repository_id: int
    path: str
    kind: str


def earlier_files(inventory: Path, org: str, repository_ids: Collection[int]) -> list[EarlierFile]:
    """Return the workflows and actions of these repositories, as the newest run left them."""
    if not repository_ids or not inventory.exists():
        return []
    with open_inventory(inventory, read_only=True) as con:
        found = con.execute(_REFERENCED, [org, sorted(repository_ids)]).fetchall()
    return [EarlierFile(*row) for row in found]


def repositories_with_evidence(inventory: Path, org: str) -> frozenset[int]:
    """Return the repositories whose files name a package or log in to a registry."""
    if not inventory.exists():
        return frozenset()
    with open_inventory(inventory, read_only=True) as con:
        return frozenset(row[0] for row in con.execute(_EVIDENCE, [org, org]).fetchall())


def earlier_versions(
    inventory: Path, org: str
) -> list[tuple[int, str, list[str], datetime | None]]:
    """Return package, name, tags and time of the newest versions that the newest run left."""
    if not inventory.exists():
        return []
    with open_inventory(inventory, read_only=True) as con:
        return con.execute(_VERSIONS, [org]).fetchall()


def earlier_references(inventory: Path, org: str) -> list[tuple[int, str]]:
    """Return repository and path of the workflows that name a package."""
    if not inventory.exists():
        return []
    with open_inventory(inventory, read_only=True) as con:
        return con.execute(_REFERRING, [org]).fetchall()
