"""Fold what one night saw into the intervals of the inventory: set-based SQL made from the catalogue.

Every statement speaks of the newest rows (`valid_to_run is null`) of one organization ($org) in the
run ($run). A night's rows wait in `incoming_<table>`, its coverage in `incoming_coverage`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from collector.tables import (
    FAMILIES,
    INTERVAL_COLUMNS,
    PROVENANCE_COLUMNS,
    FactTable,
    Parent,
)

# The statements are put together from names of the catalogue and of the schema, never from data.
# ruff: noqa: S608


def stage_incoming(con: duckdb.DuckDBPyConnection, table: FactTable, *, org: str) -> None:
    """Make `incoming_<table>` of the attached stage's rows: the newest of each key."""
    columns = ", ".join(_columns(con, table.name))
    key = ", ".join(table.key)
    con.execute(
        f"create or replace temp table incoming_{table.name} as"
        f" select {columns} from stage.main.{table.name} where org = $org"
        f" qualify row_number() over (partition by {key} order by rowid desc) = 1",
        {"org": org},
    )


def empty_incoming(con: duckdb.DuckDBPyConnection, table: FactTable) -> None:
    """Make an empty `incoming_<table>`."""
    con.execute(
        f"create or replace temp table incoming_{table.name} as"
        f" select {', '.join(_columns(con, table.name))} from {table.name} limit 0"
    )


def merge_table(
    con: duckdb.DuckDBPyConnection,
    table: FactTable,
    *,
    run: str,
    org: str,
    source: str | None = None,
) -> None:
    """Close, follow and open intervals for the rows that this run saw."""
    names = _columns(con, table.name)
    volatile = tuple(name for name in (*table.volatile, *PROVENANCE_COLUMNS) if name in names)
    payload = tuple(name for name in names if name not in (*table.key, *volatile))
    for statement in _merge_statements(
        table, source=source or f"incoming_{table.name}", volatile=volatile, payload=payload
    ):
        _run(con, statement, {"run": run, "org": org})


def close_unseen(con: duckdb.DuckDBPyConnection, table: FactTable, *, run: str, org: str) -> None:
    """Close what a complete answer no longer holds, and confirm what is said to be unchanged."""
    name = table.name
    unseen = (
        f"{name}.org = $org and {name}.valid_to_run is null and c.family = {name}.coverage_family"
        f" and c.subject = {name}.coverage_subject and not exists (from incoming_{name} i"
        f" where {_same(table.key, 'i', name)})"
    )
    values = {"run": run, "org": org}
    _run(
        con,
        f"update {name} set valid_to_run = $run from incoming_coverage c"
        f" where c.status = 'complete' and {unseen}",
        values,
    )
    _run(
        con,
        f"update {name} set observed_at = c.observed_at from incoming_coverage c"
        f" where c.status = 'unchanged' and {unseen}",
        values,
    )


def close_orphans(con: duckdb.DuckDBPyConnection, table: FactTable, *, run: str, org: str) -> None:
    """Close what this run did not see and whose parent is gone."""
    name = table.name
    for parent in table.parents:
        _run(
            con,
            f"update {name} set valid_to_run = $run where org = $org and valid_to_run is null"
            f" and not exists (from incoming_{name} i where {_same(table.key, 'i', name)})"
            f" and {_is_gone(parent, name)}",
            {"run": run, "org": org},
        )


def close_orphan_coverage(con: duckdb.DuckDBPyConnection, *, run: str, org: str) -> None:
    """Close the coverage of subjects that are gone."""
    for parent, where, subject in sorted(
        {
            (family.parent, family.where, family.subject)
            for family in FAMILIES.values()
            if family.parent is not None and family.subject is not None
        }
    ):
        names = ", ".join(
            f"'{name}'"
            for name, family in FAMILIES.items()
            if (family.parent, family.where, family.subject) == (parent, where, subject)
        )
        known = f"select {subject} from {parent} p where p.org = $org and {where}"
        _run(
            con,
            "update coverage set valid_to_run = $run where org = $org and valid_to_run is null"
            f" and family in ({names}) and not exists (from incoming_coverage i"
            " where i.family = coverage.family and i.subject = coverage.subject)"
            f" and subject in ({known}) and subject not in ({known} and p.valid_to_run is null)",
            {"run": run, "org": org},
        )


def _merge_statements(
    table: FactTable, *, source: str, volatile: Sequence[str], payload: Sequence[str]
) -> list[str]:
    name = table.name
    open_row = f"{name}.org = $org and {name}.valid_to_run is null"
    paired = f"{open_row} and {_same(table.key, 'i', name)}"
    columns = ", ".join((*table.key, *payload, *volatile))
    statements = []
    if payload:
        changed = f"{paired} and not ({_same(payload, 'i', name)})"
        statements += [
            # Written by this very run (links derived again): there is no interval to close.
            f"delete from {name} using {source} i where {changed} and {name}.valid_from_run = $run",
            f"update {name} set valid_to_run = $run from {source} i where {changed}",
        ]
    if volatile:
        follow = ", ".join(f"{column} = i.{column}" for column in volatile)
        statements.append(
            f"update {name} set {follow} from {source} i"
            f" where {paired} and not ({_same(volatile, 'i', name)})"
        )
    statements.append(
        f"insert into {name} ({columns}, {', '.join(INTERVAL_COLUMNS)})"
        f" select {columns}, $run, null from {source} i where not exists"
        f" (from {name} where {paired}) order by {', '.join(table.key)}"
    )
    return statements


def _is_gone(parent: Parent, child: str) -> str:
    """Say in SQL that the parent was known once and is no more."""
    match = " and ".join(f"p.{theirs} = {child}.{mine}" for mine, theirs in parent.columns)
    known = f"from {parent.table} p where p.org = $org and {parent.where} and {match}"
    return f"exists ({known}) and not exists ({known} and p.valid_to_run is null)"


def _same(columns: Sequence[str], left: str, right: str) -> str:
    return " and ".join(f"{left}.{name} is not distinct from {right}.{name}" for name in columns)


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [
        name
        for (name,) in con.execute(
            "select column_name from duckdb_columns() where database_name = current_database()"
            " and schema_name = 'main' and table_name = $table order by column_index",
            {"table": table},
        ).fetchall()
        if name not in INTERVAL_COLUMNS
    ]


def _run(con: duckdb.DuckDBPyConnection, statement: str, values: Mapping[str, Any]) -> None:
    # DuckDB refuses values that the statement does not name.
    con.execute(
        statement, {name: value for name, value in values.items() if f"${name}" in statement}
    )
