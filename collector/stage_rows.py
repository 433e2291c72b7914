"""Rows on their way into a stage: checked against the table, completed, and made ready for the appender."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import duckdb

from collector.run import as_utc
from collector.tables import INTERVAL_COLUMNS

_BITS = {"BIGINT": 64, "INTEGER": 32}

Row = Mapping[str, Any] | Any
"""A mapping, or a dataclass instance whose fields are columns."""


class RowWriter:
    """Makes tuples in the order of one table's columns."""

    def __init__(self, table: str, columns: list[tuple[str, str, bool]]) -> None:
        """Take the columns as (name, type, nullable), in order."""
        self.table = table
        self.names = tuple(name for name, _, _ in columns)
        self._encoders = tuple(_encoder(kind) for _, kind, _ in columns)
        self._required = tuple(
            position for position, (_, _, nullable) in enumerate(columns) if not nullable
        )
        self._known = frozenset(self.names)

    def encode(self, row: Row, fixed: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return one row for the appender; `fixed` columns stand over the row's own.

        Raises:
            ValueError: the row has a column that the table lacks, or lacks one that it must have.
        """
        values = dict(row) if isinstance(row, Mapping) else _fields(row)
        values.update(fixed)
        if not self._known.issuperset(values):
            unknown = ", ".join(sorted(set(values) - self._known))
            raise ValueError(f"{self.table} has no column {unknown}")
        encoded = tuple(
            None if (value := values.get(name)) is None else encode(value)
            for name, encode in zip(self.names, self._encoders, strict=True)
        )
        for position in self._required:
            if encoded[position] is None:
                raise ValueError(f"{self.table}.{self.names[position]} must not be null")
        return encoded


def row_writers(
    con: duckdb.DuckDBPyConnection, *, leave_out: Collection[str] = ()
) -> dict[str, RowWriter]:
    """Return a writer for each table of the connection's own database."""
    columns: dict[str, list[tuple[str, str, bool]]] = {}
    for table, name, kind, nullable in con.execute(
        "select c.table_name, c.column_name, c.data_type, c.is_nullable"
        " from duckdb_columns() c join duckdb_tables() t using (database_oid, table_oid)"
        " where c.database_name = current_database() order by c.table_name, c.column_index"
    ).fetchall():
        if name not in leave_out:
            columns.setdefault(table, []).append((name, kind, nullable))
    return {table: RowWriter(table, kinds) for table, kinds in columns.items()}


def json_text(value: Any) -> str:
    """Return a value as the store writes JSON: compact, keys sorted, valid UTF-8."""
    return _as_text(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def fixed_columns(
    writer: RowWriter, *, org: str, family: str, subject: str, observed_at: datetime
) -> dict[str, Any]:
    """Return the columns of a fact that the store fills in, for the tables that have them."""
    candidates = {
        "org": org,
        "coverage_family": family,
        "coverage_subject": subject,
        "observed_at": observed_at,
        **dict.fromkeys(INTERVAL_COLUMNS),
    }
    return {name: value for name, value in candidates.items() if name in writer.names}


def _fields(row: Any) -> dict[str, Any]:
    if not is_dataclass(row) or isinstance(row, type):
        raise ValueError(f"a row is a mapping or a dataclass, not {type(row).__name__}")
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _encoder(kind: str) -> Callable[[Any], Any]:
    if kind == "JSON":
        return _as_json
    if kind == "TIMESTAMP":
        return _as_timestamp
    if kind == "VARCHAR":
        return _as_text
    if kind == "VARCHAR[]":
        return _as_texts
    if kind in _BITS:
        return _whole_number(_BITS[kind])
    return _as_is


def _whole_number(bits: int) -> Callable[[Any], int]:
    limit = 1 << (bits - 1)

    def encode(value: Any) -> int:
        # Refused here, where it came from, and not when the batch is stored with others.
        if not isinstance(value, int) or not -limit <= value < limit:
            raise ValueError(f"{str(value)[:40]!r} is no whole number of {bits} bits")
        return value

    return encode


def _as_is(value: Any) -> Any:
    return value


def _as_text(value: Any) -> str:
    # JSON may hold half a surrogate pair, which no UTF-8 column can.
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _as_texts(values: Any) -> list[str]:
    return [_as_text(value) for value in values]


def _as_json(value: Any) -> str:
    if isinstance(value, str):
        json.loads(value)
        return _as_text(value)
    return json_text(value)


def _as_timestamp(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return as_utc(value)
