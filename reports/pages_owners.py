"""Who owns what a finding speaks of, and how that is known; what nobody owns is counted too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports import queries, words

if TYPE_CHECKING:
    import duckdb

    from reports.pages_objects import Objects
    from reports.pages_rows import Rows

NO_OWNER = "(no owner)"


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of a repository, and what says so."""

    name: str
    source: str


@dataclass(slots=True)
class OwnerRow:
    """An owner's open findings by severity."""

    name: str
    by_severity: dict[str, int] = field(default_factory=lambda: dict.fromkeys(words.SEVERITIES, 0))
    oldest: str = ""

    @property
    def total(self) -> int:
        """Return all open findings of the owner."""
        return sum(self.by_severity.values())

    @property
    def rank(self) -> tuple[object, ...]:
        """Return the place in the list: who has the most severe findings stands first."""
        return (*(-number for number in self.by_severity.values()), self.name)


def read_owners(con: duckdb.DuckDBPyConnection, *, org: str) -> dict[str, Owner]:
    """Read the owner of each repository that something names one for."""
    return {
        row["repository"]: Owner(row["owner"], row["source"])
        for row in queries.rows(con, "summaries/repository_owners", org=org)
    }


def assign_owners(rows: Rows, objects: Objects, owners: dict[str, Owner]) -> None:
    """Give each finding the owner of its package's repository, else of the repository it names."""
    packages = objects.tables["package"].columns
    homes = dict(zip(packages["subject"], packages["repository"], strict=True))
    rows.columns["owner"] = [
        owner_of(owners, homes.get(package), repository)
        for package, repository in rows.each("package", "repository")
    ]
    repositories = objects.tables["repository"].columns
    found = [owners.get(name) for name in repositories["repository"]]
    repositories["owner"] = [owner.name if owner else None for owner in found]
    repositories["owner_source"] = [owner.source if owner else None for owner in found]


def owner_of(owners: dict[str, Owner], *repositories: str | None) -> str:
    """Return the owner of the first repository that has one."""
    for repository in repositories:
        if repository in owners:
            return owners[repository].name
    return NO_OWNER


def count_owners(rows: Rows) -> tuple[OwnerRow, ...]:
    """Count the open findings of each owner; empty where nothing names any owner."""
    counts: dict[str, OwnerRow] = {}
    fields = rows.each("verdict", "waived", "owner", "severity", "first_seen")
    for verdict, waived, owner, severity, first_seen in fields:
        if verdict != "fail":
            break
        if waived:
            continue
        row = counts.setdefault(owner, OwnerRow(owner))
        row.by_severity[severity] = row.by_severity.get(severity, 0) + 1
        row.oldest = min(row.oldest or first_seen, first_seen)
    if set(counts) <= {NO_OWNER}:
        return ()
    return tuple(sorted(counts.values(), key=lambda row: row.rank))
