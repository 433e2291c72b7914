"""Run the report's queries: plain SQL files that stand in sql/summaries and sql/exports.

Each is one SELECT over views with a column `org`, so that it runs as it stands in the duckdb shell.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from collector import sqlfiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    Row = dict[str, Any]


@cache
def text(name: str) -> str:
    """Return the SQL of a file below sql/, such as `summaries/changes`."""
    return (sqlfiles.sql_root() / f"{name}.sql").read_text(encoding="utf-8")


def of_org(
    name: str, *, fields: str = "* exclude (org)", order: str = "all", only: str = "true"
) -> str:
    """Return the SELECT of an organization's rows of a query; its one parameter is the organization.

    The order by all columns makes the same rows always stand in the same order.
    """
    return f"select {fields} from ({text(name)}) where org = ? and {only} order by {order}"  # noqa: S608 - own files and words


def rows(con: duckdb.DuckDBPyConnection, name: str, *, org: str) -> list[Row]:
    """Return an organization's rows of a query, column by name."""
    # Not a cursor: a cursor is a connection of its own and would not see a past night's TEMP views.
    con.execute(of_org(name), [org])
    names = [column[0] for column in con.description or ()]
    return [dict(zip(names, row, strict=True)) for row in con.fetchall()]


def row(con: duckdb.DuckDBPyConnection, name: str, *, org: str) -> Row | None:
    """Return an organization's only row of a query, or None."""
    found = rows(con, name, org=org)
    return found[0] if found else None


def stream(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: list[object], *, chunk: int = 5000
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query without holding them all; nothing else may be asked meanwhile."""
    con.execute(sql, parameters)
    while batch := con.fetchmany(chunk):
        yield from batch
