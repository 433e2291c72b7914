"""Where users' rules run: a copy in memory that reads no file, changes no setting and stops in time."""

import json
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import duckdb

from collector import sqlfiles
from collector.errors import RuleError

TIME_LIMIT: Final = 20.0
MEMORY_LIMIT: Final = "1GB"
MOST_ROWS: Final = 1_000_000

_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_COMMENT = re.compile(r"--[^\n]*")
# The text of files stays where it is: rules judge what was read in it.
_NEVER_COPIED: Final = frozenset({"blob", "checkpoint", "schema_version"})


class RuleStoppedError(RuleError):
    """A rule took more time or memory than it may, or failed on the data."""


def check_one_select(sql: str, *, name: str) -> None:
    """Refuse everything that is not exactly one SELECT.

    Raises:
        RuleError: it is something else, or does not parse.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise RuleError(f"{name} is not SQL that DuckDB reads: {_first_line(error)}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise RuleError(f"{name} is not exactly one SELECT.", hint="A rule only reads: one SELECT.")


@dataclass(frozen=True, slots=True)
class ArrowRows:
    """Rows on their way between two connections, without a copy in Python.

    DuckDB refuses a relation of another connection, but reads whatever exposes this one method.
    """

    relation: duckdb.DuckDBPyRelation

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """Return the rows as an Arrow stream."""
        return self.relation.__arrow_c_stream__(requested_schema)


@contextmanager
def sandbox(
    con: duckdb.DuckDBPyConnection,
    *,
    org: str,
    rule_texts: Iterable[str],
    memory_limit: str = MEMORY_LIMIT,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a locked-down copy of what these rules can see of one organization.

    A failed statement would end the transaction of whoever publishes, so users' rules never run in it.
    """
    copy = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": memory_limit,
        },
    )
    try:
        copy.execute("set TimeZone = 'UTC'")
        for migration in sqlfiles.migrations():
            copy.execute(migration.text)
        copy_tables(con, copy, org=org, tables=tables_behind(rule_texts))
        for view in sqlfiles.views():
            copy.execute(view.text)
        lock(copy)
        yield copy
    finally:
        copy.close()


def lock(con: duckdb.DuckDBPyConnection) -> None:
    """Take files, settings and Python's variables away from a connection, for good."""
    con.execute("set python_enable_replacements = false")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def tables_behind(rule_texts: Iterable[str]) -> frozenset[str]:
    """Return the base tables that these texts may read, through however many views.

    A column with a table's name copies a table too many, never one too few.
    """
    reads = _views_reads()
    seen: set[str] = set()
    # Expiry and age are told from these, whatever else is read.
    waiting = {"run", "setting"}.union(*(_words(text) for text in rule_texts))
    while waiting:
        seen |= waiting
        waiting = {name for view in waiting for name in reads.get(view, ())} - seen
    return frozenset(seen) - _NEVER_COPIED


@cache
def _views_reads() -> dict[str, frozenset[str]]:
    """Return what each view reads: tables and other views."""
    with duckdb.connect(":memory:") as con:
        return {view.name: _tables_of(con, view.text) for view in sqlfiles.views()}


def _tables_of(con: duckdb.DuckDBPyConnection, view: str) -> frozenset[str]:
    select = view.partition(" as\n")[2]
    row = con.execute("select json_serialize_sql($sql)", {"sql": select}).fetchone()
    waiting: list[Any] = [json.loads(row[0])] if row else []
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                found.add(node["table_name"])
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return frozenset(found)


def copy_tables(
    source: duckdb.DuckDBPyConnection,
    target: duckdb.DuckDBPyConnection,
    *,
    org: str,
    tables: frozenset[str],
) -> None:
    """Copy these tables' rows of one organization from one connection to another."""
    found = target.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns()"
        " where schema_name = 'main' and not internal group by table_name order by table_name"
    ).fetchall()
    for table, columns in found:
        if table in tables:
            names = ", ".join(f'"{name}"' for name in columns)
            where = " where org = $org" if "org" in columns else ""
            parameters = {"org": org} if where else None
            rows = ArrowRows(source.sql(f"select {names} from {table}{where}", params=parameters))  # noqa: S608 - names come from our own schema
            target.execute(f"delete from {table}")  # noqa: S608 - the same
            target.register("arriving", rows)
            target.execute(f"insert into {table} ({names}) select {names} from arriving")  # noqa: S608 - the same
            target.unregister("arriving")


@contextmanager
def time_limit(con: duckdb.DuckDBPyConnection, seconds: float = TIME_LIMIT) -> Iterator[None]:
    """Interrupt the connection when the block takes longer than it may."""
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def run_rule(
    con: duckdb.DuckDBPyConnection, sql: str, *, name: str, seconds: float = TIME_LIMIT
) -> list[tuple[Any, ...]]:
    """Run one rule of a user within its limits and return its rows.

    Raises:
        RuleStoppedError: it failed, took too long, wanted too much memory or returned too much.
    """
    check_one_select(sql, name=name)
    try:
        with time_limit(con, seconds):
            rows = con.execute(sql).fetchmany(MOST_ROWS + 1)
    except duckdb.InterruptException as error:
        raise RuleStoppedError(f"{name} did not finish within {seconds:g} seconds.") from error
    except duckdb.OutOfMemoryException as error:
        raise RuleStoppedError(f"{name} needed more memory than a rule may use.") from error
    except duckdb.Error as error:
        raise RuleStoppedError(f"{name} failed: {_first_line(error)}") from error
    if len(rows) > MOST_ROWS:
        raise RuleStoppedError(f"{name} returned more than {MOST_ROWS:,} rows.")
    return rows


def _words(sql: str) -> set[str]:
    return set(_WORD.findall(_COMMENT.sub("", sql).lower()))


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
