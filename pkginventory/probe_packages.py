"""What there is to ask: the private packages of an organization, and the repository whose token asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.errors import UsageError
from pkginventory.probe_plan import Asked
from reports.asking import ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb


def wanted_packages(con: duckdb.DuckDBPyConnection, *, org: str, repository_id: int) -> list[Asked]:
    """List the private packages to ask for: those without a fresh answer first, the most exposed first."""
    rows = ask(
        con,
        """
        with newest as (
            select org, package_id, max_by(name, (created_at, version_id)) as digest
            from package_version
            where valid_to_run is null
            group by org, package_id
        ),

        answered as (
            select org, package_id from probe_answers
            where repository_id = $repository and not from_fork and not expired
        )

        select packages.package_id, packages.package_type, packages.name, newest.digest
        from packages
        left join newest using (org, package_id)
        left join answered using (org, package_id)
        where packages.org = $org
            and packages.visibility = 'private'
            and packages.registry_kind = 'granular'
        order by
            answered.package_id is not null, packages.repository_visibility is distinct from 'public',
            packages.connection <> 'connected', packages.package_type, packages.name
        """,
        {"org": org, "repository": repository_id},
    )
    return [
        Asked(
            package_id=row["package_id"],
            package_type=row["package_type"],
            name=row["name"],
            reference=_reference(row),
        )
        for row in rows
    ]


def _reference(row: Mapping[str, object]) -> str:
    digest = str(row["digest"] or "")
    return digest if row["package_type"] == "container" and digest.startswith("sha256:") else "-"


def probed_repository(con: duckdb.DuckDBPyConnection, org: str, name: str) -> tuple[int, str]:
    """Return the id and the name of the repository whose token asks.

    Raises:
        UsageError: it was not listed, or no workflow runs there.
    """
    full = name if "/" in name else f"{org}/{name}"
    found = ask(
        con,
        "select repository_id, repository, archived from repositories"
        " where org = $org and lower(repository) = lower($name)",
        {"org": org, "name": full},
    )
    if not found:
        raise UsageError(f"{org} has no repository {name} that was listed.")
    if found[0]["archived"]:
        raise UsageError(f"{full} is archived, so no workflow runs there.")
    return found[0]["repository_id"], found[0]["repository"]
