"""Try what the rules advise before it is proposed: a remedy must not be the next finding."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports.narrowing import narrowed
from reports.whatif import changed
from reports.whatif_changes import Grant, give

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

    from reports.catalog import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAdvice:
    """What giving a workflow's own token the access it needs would lead to.

    Attributes:
        package: the package's subject.
        repository: whose workflows log in with another credential.
        role: what they need.
        exposes: the grant would bring the package within reach of a public repository's forks, so it is a decision
            (a private build, or another visibility), not a remedy.
        logins: subjects of the registry logins that the grant would replace.
    """

    package: str
    repository: str
    role: str
    exposes: bool
    logins: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Say what to do, or what to decide."""
        if not self.exposes:
            return (
                f"Give {self.repository} the role {self.role} in the Actions access of {self.package}:"
                " tried on this inventory, it makes no finding of PKG001."
            )
        return (
            f"{self.repository} is public, and {self.package} is not: granting it access would make a finding"
            f" of PKG001, since GitHub warns that forks may then be able to access the package. Decide first:"
            f" build what needs it in a private repository, or change who may see the package or the repository."
        )


# What the logins that PKG002 finds need: the packages that the same job names at the same registry.
_NEEDED: Final = """
    select
        packages.subject,
        registry_logins.repository,
        max(case package_references.operation
            when 'delete' then 3 when 'restore' then 3 when 'push' then 2 else 1 end) as role_rank,
        list(distinct registry_logins.subject order by registry_logins.subject) as logins,
        packages.package_type,
        packages.name
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
    group by packages.subject, packages.package_type, packages.name, registry_logins.repository
    order by packages.subject, registry_logins.repository
"""
_ROLE_OF_RANK: Final = {1: "read", 2: "write", 3: "admin"}


def advise_grants(
    con: duckdb.DuckDBPyConnection, *, org: str, rules: Iterable[Rule]
) -> tuple[GrantAdvice, ...]:
    """Try every grant that PKG002 would advise, and tell those that PKG001 would find.

    One evaluation of PKG001 serves for all: it names each public repository that reaches a package.
    """
    exposure = next((rule for rule in rules if rule.id == "PKG001" and not rule.is_users), None)
    if exposure is None:
        return ()
    needed = con.execute(_NEEDED, [org]).fetchall()
    if not needed:
        return ()
    grants = [
        Grant(
            package_type=row[4], package_name=row[5], repository=row[1], role=_ROLE_OF_RANK[row[2]]
        )
        for row in needed
    ]
    with changed(con, org=org):
        give(con, org=org, grants=grants)
        with narrowed(con, org=org):
            exposing = _exposing(con, exposure, org=org)
    return tuple(
        GrantAdvice(
            package=row[0],
            repository=row[1],
            role=_ROLE_OF_RANK[row[2]],
            exposes=row[1] in exposing.get(row[0], frozenset()),
            logins=tuple(row[3]),
        )
        for row in needed
    )


def _exposing(
    con: duckdb.DuckDBPyConnection, rule: Rule, *, org: str
) -> Mapping[str, frozenset[str]]:
    """Return the public repositories that PKG001 finds at each package."""
    found = con.execute(
        f"select subject, evidence::varchar from ({rule.sql.strip().rstrip(';')})"  # noqa: S608 - a rule that ships
        " where org = ? and verdict = 'fail'",
        [org],
    ).fetchall()
    return {
        subject: frozenset(str(entry["repository"]) for entry in json.loads(text)["repositories"])
        for subject, text in found
    }
