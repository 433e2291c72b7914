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


def has_work(con: duckdb.DuckDBPyConnection, table: FactTable) -> bool:
    """Tell whether the stage or the inventory holds anything of this kind."""
    name = table.name
    standing = f"from {name} where valid_to_run is null"
    return _any(con, f"from stage.main.{name}") or _any(con, standing)


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


def fold_table(con: duckdb.DuckDBPyConnection, table: FactTable, *, run: str, org: str) -> None:
    """Take in a table's night: what was seen, what was no longer there, what lost its parent."""
    if _any(con, f"from incoming_{table.name}"):
        merge_table(con, table, run=run, org=org)
    if _any(con, f"from {table.name} where valid_to_run is null"):
        close_unseen(con, table, run=run, org=org)
        close_orphans(con, table, run=run, org=org)


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
    told = (
        f"{_unseen(table)} and c.family = old.coverage_family and c.subject = old.coverage_subject"
    )
    values = {"run": run, "org": org}
    # Written by this very run (links derived again): there is no interval to close.
    _run(
        con,
        f"delete from {table.name} old using incoming_coverage c"
        f" where c.status = 'complete' and {told} and old.valid_from_run = $run",
        values,
    )
    _run(
        con,
        f"update {table.name} old set valid_to_run = $run from incoming_coverage c"
        f" where c.status = 'complete' and {told}",
        values,
    )
    _run(
        con,
        f"update {table.name} old set observed_at = c.observed_at from incoming_coverage c"
        f" where c.status = 'unchanged' and {told}",
        values,
    )


def close_orphans(con: duckdb.DuckDBPyConnection, table: FactTable, *, run: str, org: str) -> None:
    """Close what this run did not see and whose parent is gone."""
    for parent in table.parents:
        _run(
            con,
            f"update {table.name} old set valid_to_run = $run"
            f" where {_unseen(table)} and {_is_gone(parent)}",
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
    name, key = table.name, table.key
    columns = ", ".join((*key, *payload, *volatile))
    paired = f"old.org = $org and old.valid_to_run is null and {_same(key)}"
    changed = f"{paired} and not ({_same(payload)}) and not ({table.alike or 'false'})"
    followed = volatile if table.alike is None else (*payload, *volatile)
    follow = ", ".join(f"{column} = new.{column}" for column in followed)
    same, order, intervals = _same(followed), ", ".join(key), ", ".join(INTERVAL_COLUMNS)
    return [
        # Written by this very run (links derived again): there is no interval to close.
        f"delete from {name} old using {source} new where {changed} and old.valid_from_run = $run",
        f"update {name} old set valid_to_run = $run from {source} new where {changed}",
        f"update {name} old set {follow} from {source} new where {paired} and not ({same})",
        (
            f"insert into {name} ({columns}, {intervals}) select {columns}, $run, null"
            f" from {source} new where not exists (from {name} old where {paired})"
            f" order by {order}"
        ),
    ]


def _unseen(table: FactTable) -> str:
    return (
        "old.org = $org and old.valid_to_run is null"
        f" and not exists (from incoming_{table.name} new where {_same(table.key)})"
    )


def _is_gone(parent: Parent) -> str:
    """Say in SQL that the parent was known once and is no more."""
    match = " and ".join(f"p.{theirs} = old.{mine}" for mine, theirs in parent.columns)
    known = f"from {parent.table} p where p.org = $org and {parent.where} and {match}"
    return f"exists ({known}) and not exists ({known} and p.valid_to_run is null)"


def _same(columns: Sequence[str]) -> str:
    compared = [f"old.{name} is not distinct from new.{name}" for name in columns]
    return " and ".join(compared) or "true"


def _any(con: duckdb.DuckDBPyConnection, query: str) -> bool:
    return bool(con.execute(f"{query} limit 1").fetchall())


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    named = con.execute(f"select name from pragma_table_info('{table}') order by cid").fetchall()
    return [name for (name,) in named if name not in INTERVAL_COLUMNS]


def _run(con: duckdb.DuckDBPyConnection, statement: str, values: Mapping[str, Any]) -> None:
    # DuckDB refuses values that the statement does not name.
    con.execute(
        statement, {name: value for name, value in values.items() if f"${name}" in statement}
    )
