"""Declared Actions access: what to ask, what was answered, and the judgement that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from collector.errors import StoreError
from collector.run import utc_now
from collector.store import open_inventory
from pkginventory.grant_checks import Listed, check_rows
from pkginventory.grant_files import GrantFileError, read_rows, write_template
from pkginventory.judging import judge_again_if_needed, newest_run
from reports import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    import duckdb

    from pkginventory.grant_checks import Grant
    from pkginventory.settings import Settings

_QUESTIONS: Final = "summaries/grant_questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A file to be filled in.

    Attributes:
        text: the file.
        count: how many packages it asks about.
        public: how many of them show some sign of a public repository.
    """

    text: str
    count: int
    public: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import stored."""

    answers: int
    packages: int
    unanswered: int
    judged_again: bool


def make_template(settings: Settings, org: str, *, form: str) -> Template:
    """Write down what has to be looked up, the most exposed package first.

    Raises:
        StoreError: there is no run of the organization yet.
    """
    judge_again_if_needed(settings, org)
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        _check_run(con, org)
        rows = questions(con, org=org)
    return Template(
        text=write_template(rows, form=form),
        count=len(rows),
        public=sum(row["place"] == 1 for row in rows),
    )


def questions(con: duckdb.DuckDBPyConnection, *, org: str) -> list[dict[str, Any]]:
    """Return the packages whose access a person has to look up, the most exposed first."""
    rows = queries.rows(con, _QUESTIONS, org=org)
    return sorted(rows, key=lambda row: (row["place"], row["package_type"], row["package"]))


def import_grants(
    settings: Settings, org: str, path: Path, *, today: date | None = None
) -> Imported:
    """Store what a person declared, all of a file or nothing, and judge again.

    Raises:
        GrantFileError: the file has mistakes.
        StoreError: there is no run of the organization yet.
    """
    rows = read_rows(path)
    now = utc_now()
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        _check_run(con, org)
        checked = check_rows(rows, listed=listed_in(con, org=org), today=today or now.date())
    if checked.problems:
        raise GrantFileError(path, checked.problems)
    with open_inventory(settings.db, lock_timeout=settings.lock_timeout) as con:
        con.begin()
        try:
            store_grants(con, checked.grants, org=org, file=path.name)
            con.commit()
        except BaseException:
            con.rollback()
            raise
    return Imported(
        answers=len(checked.grants),
        packages=len({grant.package for grant in checked.grants}),
        unanswered=checked.unanswered,
        judged_again=judge_again_if_needed(settings, org),
    )


def store_grants(
    con: duckdb.DuckDBPyConnection, grants: Sequence[Grant], *, org: str, file: str
) -> None:
    """Store answers; what was declared before about the same packages is replaced."""
    for package_type, name in sorted({grant.package for grant in grants}):
        con.execute(
            "delete from declared_grant"
            " where org = ? and package_type = ? and lower(package_name) = ?",
            [org, package_type, name],
        )
    now = utc_now()
    for grant in grants:
        source = f"{file}:{grant.line}" + (f" ({grant.note})" if grant.note else "")
        con.execute(
            "insert into declared_grant (org, package_type, package_name, repository, role,"
            " complete, inherits, declared_by, declared_at, expires_at, imported_at, source)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                org,
                grant.package_type,
                grant.package_name,
                grant.repository,
                grant.role,
                grant.complete or False,
                grant.inherits,
                grant.declared_by,
                grant.declared_at,
                grant.expires_at,
                now,
                source,
            ],
        )


def list_grants(settings: Settings, org: str) -> list[dict[str, Any]]:
    """Return what is declared now, as rows of plain values."""
    with open_inventory(settings.db, read_only=True, lock_timeout=settings.lock_timeout) as con:
        found = con.execute(
            "select package_type, package_name as package, repository, role, complete, inherits,"
            " declared_by, declared_at::varchar as declared_at, expires_at::varchar as expires_at,"
            " expired, source from declared_grants where org = ?"
            " order by package_type, package, repository, source",
            [org],
        )
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def listed_in(con: duckdb.DuckDBPyConnection, *, org: str) -> Listed:
    """Read what the newest run listed."""
    packages = con.execute(
        "select package_type, lower(name) from packages where org = ?", [org]
    ).fetchall()
    types = con.execute("select distinct package_type from registry_kinds").fetchall()
    repositories = con.execute(
        "select repository from repositories where org = ?", [org]
    ).fetchall()
    read = con.execute(
        "select coalesce(bool_and(readable), false) from coverage_now"
        " where org = ? and family = 'repositories' and subject = ''",
        [org],
    ).fetchone()
    return Listed(
        org=org,
        matches=_matcher(con, frozenset(packages)),
        types=frozenset(name for (name,) in types),
        repositories={name.lower(): name for (name,) in repositories},
        repositories_complete=bool(read and read[0]),
    )


def _matcher(
    con: duckdb.DuckDBPyConnection, packages: frozenset[tuple[str, str]]
) -> Callable[[str, str], int]:
    """Count packages as the views do: by name without case, or by DuckDB's glob."""

    def matches(package_type: str, name: str) -> int:
        key = name.lower()
        if "*" not in key and "?" not in key:
            return int((package_type, key) in packages)
        row = con.execute(
            "select count(*) from (select unnest(?::varchar[]) as name) where name glob ?",
            [[known for kind, known in packages if kind == package_type], key],
        ).fetchone()
        return int(row[0]) if row else 0

    return matches


def _check_run(con: duckdb.DuckDBPyConnection, org: str) -> None:
    if newest_run(con, org) is None:
        raise StoreError(
            f"The inventory holds no run of {org}.",
            hint=f"Collect first: pkginventory collect --org {org}",
        )
