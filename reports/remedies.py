"""Try what the rules advise before it is proposed: a remedy must not be the next finding."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports.whatif import changed, verdicts_now
from reports.whatif_changes import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from reports.catalog import Rule
    from reports.whatif import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAdvice:
    """What giving a workflow's own token the access it needs would lead to.

    Attributes:
        package: the package's subject.
        repository: whose workflows log in with another credential.
        role: what they need.
        exposes: the grant would bring the package within reach of a public repository's forks, so it is a decision
            (a private build, or another visibility), not a remedy.
    """

    package: str
    repository: str
    role: str
    exposes: bool


# What the logins that PKG002 finds need: the packages that the same job names at the same registry.
_NEEDED: Final = """
    select
        packages.subject,
        registry_logins.repository,
        max(case package_references.operation
            when 'delete' then 3 when 'restore' then 3 when 'push' then 2 else 1 end) as role_rank
    from registry_logins
    join package_references
        on registry_logins.org = package_references.org
        and registry_logins.repository_id = package_references.repository_id
        and registry_logins.path = package_references.path
        and registry_logins.job = package_references.job
        and registry_logins.registry = package_references.registry
    join packages
        on package_references.org = packages.org
        and package_references.package_id = packages.package_id
    where registry_logins.org = ?
        and registry_logins.credential = 'pat'
        and packages.registry_kind = 'granular'
    group by packages.subject, registry_logins.repository
    order by packages.subject, registry_logins.repository
"""
_ROLE_OF_RANK: Final = {1: "read", 2: "write", 3: "admin"}


def advise_grants(
    con: duckdb.DuckDBPyConnection, *, org: str, rules: Sequence[Rule]
) -> tuple[GrantAdvice, ...]:
    """Try every grant that PKG002 would advise, and tell those that PKG001 would find.

    One evaluation serves for all: PKG001 names each public repository that reaches a package.
    """
    exposure = [rule for rule in rules if rule.id == "PKG001"]
    needed = con.execute(_NEEDED, [org]).fetchall()
    if not needed or not exposure:
        return ()
    wanted = [(subject, name, _ROLE_OF_RANK[rank]) for subject, name, rank in needed]
    changes = [
        Change(kind="grant", subject=subject, repository=name, role=role)
        for subject, name, role in wanted
    ]
    with changed(con, org=org, changes=changes):
        after = verdicts_now(con, org=org, rules=exposure)
    return tuple(
        GrantAdvice(
            package=subject,
            repository=name,
            role=role,
            exposes=name in _exposing(after.get(("PKG001", subject))),
        )
        for subject, name, role in wanted
    )


def _exposing(said: Said | None) -> frozenset[str]:
    """Return the public repositories that a verdict of PKG001 is about."""
    if said is None or said.verdict != "fail" or said.evidence is None:
        return frozenset()
    bound = json.loads(said.evidence).get("repositories", [])
    return frozenset(str(entry["repository"]) for entry in bound)
