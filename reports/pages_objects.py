"""Packages, access, repositories, workflows, logins and secrets as columns for the report's pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports import queries

if TYPE_CHECKING:
    import duckdb

# Each is a query sql/summaries/<name>_list.sql whose first columns say its order.
LISTS = ("package", "access", "reference", "repository", "workflow", "job", "login", "secret")


@dataclass(frozen=True, slots=True)
class Frame:
    """A line that a finding points at, and its neighbours."""

    first_line: int
    lines: tuple[str, ...]
    blob_sha: str


@dataclass(frozen=True, slots=True)
class Table:
    """A list as columns of one length."""

    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


@dataclass(frozen=True, slots=True)
class Objects:
    """What the pages of the report show beside findings."""

    tables: dict[str, Table]
    # Where a finding points: (repository, path, line).
    frames: dict[tuple[str, str, int], Frame]
    # Rule: a letter a package (p, f, u, n; - where the rule did not judge it), in the list's order.
    package_verdicts: dict[str, str]


def read_objects(con: duckdb.DuckDBPyConnection, *, org: str) -> Objects:
    """Read everything that has a page of its own."""
    tables = {name: read_table(con, f"summaries/{name}_list", org=org) for name in LISTS}
    return Objects(
        tables=tables,
        frames=read_frames(con, org=org),
        package_verdicts=read_package_verdicts(
            con, org=org, subjects=tables["package"].columns["subject"]
        ),
    )


def read_table(con: duckdb.DuckDBPyConnection, name: str, *, org: str) -> Table:
    """Read a list column by column."""
    con.execute(queries.of_org(name), [org])
    names = [column[0] for column in con.description or ()]
    columns = list(zip(*con.fetchall(), strict=True)) or [()] * len(names)
    return Table({field: list(values) for field, values in zip(names, columns, strict=True)})


def read_frames(con: duckdb.DuckDBPyConnection, *, org: str) -> dict[tuple[str, str, int], Frame]:
    """Read the five lines around each place that a finding names."""
    fields = "repository, path, line, first_line, lines, blob_sha"
    sql = queries.of_org("summaries/source_frames", fields=fields)
    return {
        (repository, path, line): Frame(first_line, tuple(lines), blob_sha)
        for repository, path, line, first_line, lines, blob_sha in queries.stream(con, sql, [org])
    }


def read_package_verdicts(
    con: duckdb.DuckDBPyConnection, *, org: str, subjects: list[str]
) -> dict[str, str]:
    """Read every package rule's verdicts as one letter a package: a page needs no more of a pass."""
    place = {subject: index for index, subject in enumerate(subjects)}
    letters: dict[str, list[str]] = {}
    sql = queries.of_org("summaries/package_verdicts", fields="rule, subject, letter")
    for rule, subject, letter in queries.stream(con, sql, [org]):
        letters.setdefault(rule, ["-"] * len(subjects))[place[subject]] = letter
    return {rule: "".join(letters[rule]) for rule in sorted(letters)}
