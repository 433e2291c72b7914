"""The changes that can be tried: how each is written, and what it does to the tables that stand in for the real ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb

ROLES: Final = ("read", "write", "admin", "none")

# What a person may ask, and how it is written.
FORMS: Final = {
    "make-public": "make-public:acme/docs",
    "make-internal": "make-internal:acme/docs",
    "make-private": "make-private:acme/docs",
    "archive": "archive:acme/docs",
    "revoke-secret": "revoke-secret:GHCR_PAT",
    "connect": "connect:container:acme/billing=acme/shop",
    "grant": "grant:container:acme/billing=acme/shop:read",
}
_PACKAGE: Final = re.compile(r"(?P<type>[a-z]+):(?P<owner>[^/]+)/(?P<name>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that might be done.

    Attributes:
        kind: one of FORMS.
        subject: the repository, package or secret it is done to.
        repository: the other side of a connection or a grant.
        role: what is granted.
    """

    kind: str
    subject: str
    repository: str = ""
    role: str = ""

    def __str__(self) -> str:
        end = f"={self.repository}" if self.repository else ""
        return f"{self.kind}:{self.subject}{end}{f':{self.role}' if self.role else ''}"


def parse_change(text: str) -> Change:
    """Read a change as it is written on the command line.

    Raises:
        UsageError: it is none that can be tried.
    """
    kind, _, rest = text.partition(":")
    if kind not in FORMS or not rest:
        forms = ", ".join(FORMS.values())
        raise UsageError(f"{text} is no change that can be tried.", hint=f"For example {forms}.")
    if kind not in {"connect", "grant"}:
        return Change(kind=kind, subject=rest)
    # A package's name may hold anything, a repository's neither = nor a colon.
    subject, equals, target = rest.rpartition("=")
    repository, _, role = target.partition(":")
    wrong_role = role not in ROLES if kind == "grant" else bool(role)
    if not equals or not subject or not repository or wrong_role:
        raise UsageError(f"{text} can't be read.", hint=f"Write {FORMS[kind]}.")
    return Change(kind=kind, subject=subject, repository=repository, role=role)


def apply_change(con: duckdb.DuckDBPyConnection, *, org: str, change: Change) -> None:
    """Make a change in the temporary tables that stand before the real ones.

    Raises:
        UsageError: it names what was not listed.
    """
    _APPLY[change.kind](con, org, change)


def _repository(con: duckdb.DuckDBPyConnection, org: str, name: str) -> tuple[int, str]:
    full = name if "/" in name else f"{org}/{name}"
    row = con.execute(
        "select repository_id, repository from repositories where org = ? and lower(repository) = ?",
        [org, full.lower()],
    ).fetchone()
    if row is None:
        raise UsageError(f"{org} has no repository {name}.", hint="Name it as acme/shop.")
    return row[0], row[1]


def find_package(con: duckdb.DuckDBPyConnection, org: str, subject: str) -> tuple[int, str, str]:
    """Return a package's id, type and name.

    Raises:
        UsageError: no such package was listed.
    """
    match = _PACKAGE.fullmatch(subject)
    row = (
        match
        and con.execute(
            "select package_id, package_type, name from packages"
            " where org = ? and package_type = ? and lower(name) = lower(?)"
            " order by package_id limit 1",
            [org, match["type"], match["name"]],
        ).fetchone()
    )
    if not row:
        raise UsageError(
            f"{org} has no package {subject}.", hint=f"Name it as container:{org}/billing."
        )
    return row


def _make(con: duckdb.DuckDBPyConnection, org: str, change: Change) -> None:
    visibility = change.kind.removeprefix("make-")
    if ":" in change.subject:
        package_id, _, _ = find_package(con, org, change.subject)
        con.execute(
            "update temp.package set visibility = ?, reported_visibility = ? where package_id = ?",
            [visibility, visibility, package_id],
        )
        return
    repository_id, _ = _repository(con, org, change.subject)
    # Where the registry has no permissions of its own, the repository's visibility is the package's.
    con.execute(
        "update temp.package set visibility = $visibility, reported_visibility = $visibility"
        " where package_id in (select package_id from packages where org = $org"
        " and repository_id = $repository and registry_kind = 'repository_scoped')",
        {"visibility": visibility, "org": org, "repository": repository_id},
    )
    con.execute(
        "update temp.repository set visibility = ? where repository_id = ?",
        [visibility, repository_id],
    )


def _archive(con: duckdb.DuckDBPyConnection, org: str, change: Change) -> None:
    repository_id, _ = _repository(con, org, change.subject)
    con.execute(
        "update temp.repository set archived = true where repository_id = ?", [repository_id]
    )


def _revoke(con: duckdb.DuckDBPyConnection, org: str, change: Change) -> None:
    name = change.subject.upper()
    used = con.execute(
        "select count(*) from ("
        " select name from temp.secret where upper(name) = $name union all"
        " select credential_name from registry_logins where org = $org"
        " and upper(credential_name) = $name)",
        {"name": name, "org": org},
    ).fetchone()
    if not used or not used[0]:
        raise UsageError(
            f"{org} has no secret {change.subject}, and no workflow that was read uses it."
        )
    con.execute("delete from temp.secret where upper(name) = ?", [name])
    con.execute("delete from temp.secret_repository where upper(name) = ?", [name])


def _connect(con: duckdb.DuckDBPyConnection, org: str, change: Change) -> None:
    package_id, _, _ = find_package(con, org, change.subject)
    repository_id, name = _repository(con, org, change.repository)
    # A new interval, as the night after would write it: what was published first keeps its access.
    con.execute(
        """
        insert into temp.package
        select package.* replace (
            'present' as listed_repository, $repository as repository_id, $name as repository_full_name,
            current_run.run_id as valid_from_run, null as valid_to_run
        )
        from temp.package as package join current_run using (org)
        where package.package_id = $package and package.valid_to_run is null
        """,
        {"repository": repository_id, "name": name, "package": package_id},
    )
    con.execute(
        """
        update temp.package set valid_to_run = current_run.run_id
        from current_run
        where current_run.org = package.org and package.package_id = $package
            and package.valid_to_run is null and package.repository_id is distinct from $repository
        """,
        {"repository": repository_id, "package": package_id},
    )
    # That it was connected to none is what the night before had said.
    con.execute(
        """
        update temp.package_connection set valid_to_run = current_run.run_id
        from current_run
        where current_run.org = package_connection.org and package_connection.package_id = ?
            and package_connection.valid_to_run is null
        """,
        [package_id],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Access that is given, in the words of the views."""

    package_type: str
    package_name: str
    repository: str
    role: str


def give(con: duckdb.DuckDBPyConnection, *, org: str, grants: Sequence[Grant]) -> None:
    """Declare access in the temporary tables; what was declared of the same pairs is replaced."""
    con.execute(
        """
        create or replace temp table given as
        select
            unnest($types::varchar[]) as package_type, unnest($names::varchar[]) as package_name,
            unnest($repositories::varchar[]) as repository, unnest($roles::varchar[]) as role
        """,
        {
            "types": [grant.package_type for grant in grants],
            "names": [grant.package_name for grant in grants],
            "repositories": [grant.repository for grant in grants],
            "roles": [grant.role for grant in grants],
        },
    )
    con.execute(
        """
        delete from temp.declared_grant where exists (
            select 1 from temp.given
            where given.package_type = declared_grant.package_type
                and lower(given.package_name) = lower(declared_grant.package_name)
                and lower(given.repository) = lower(declared_grant.repository)
        )
        """
    )
    con.execute(
        """
        insert into temp.declared_grant by name
        select
            current_run.org, given.*, false as complete, null::boolean as inherits, 'what if' as declared_by,
            current_run.as_of::date as declared_at, current_run.as_of::date + 1 as expires_at,
            current_run.as_of as imported_at, 'what if' as source
        from current_run cross join temp.given
        where current_run.org = ?
        """,
        [org],
    )
    con.execute("drop table temp.given")


def _grant(con: duckdb.DuckDBPyConnection, org: str, change: Change) -> None:
    _, package_type, package_name = find_package(con, org, change.subject)
    _, repository = _repository(con, org, change.repository)
    grant = Grant(
        package_type=package_type,
        package_name=package_name,
        repository=repository,
        role=change.role,
    )
    give(con, org=org, grants=[grant])


_APPLY: Final[dict[str, Callable[[duckdb.DuckDBPyConnection, str, Change], None]]] = {
    "make-public": _make,
    "make-internal": _make,
    "make-private": _make,
    "archive": _archive,
    "revoke-secret": _revoke,
    "connect": _connect,
    "grant": _grant,
}
