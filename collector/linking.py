"""Take in what the workflow files of a night amount to: registry logins and package references."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import duckdb

from collector.carry import settle_coverage
from collector.merge import empty_incoming, fold_table
from collector.run import Run
from collector.stage_rows import Row, RowWriter, fixed_columns, row_writers
from collector.tables import (
    COVERAGE,
    INTERVAL_COLUMNS,
    LINK_FAMILY,
    LINK_TABLES,
    FactTable,
    fact_table,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What the linker says of one repository."""

    repository_id: int
    registry_logins: Sequence[Row] = ()
    package_references: Sequence[Row] = ()
    status: Literal["complete", "unchanged", "partial", "failed"] = "complete"
    """`unchanged`: what the inventory holds of this repository is still so."""
    reason: str | None = None
    detail: str | None = None


@dataclass(slots=True)
class _Incoming:
    """Rows by table, keyed so that the newest wins."""

    rows: dict[str, dict[tuple[Any, ...], tuple[Any, ...]]] = field(default_factory=dict)

    def add(self, table: FactTable, writer: RowWriter, row: tuple[Any, ...]) -> None:
        key = tuple(row[writer.names.index(name)] for name in table.key)
        self.rows.setdefault(table.name, {})[key] = row


def merge_links(con: duckdb.DuckDBPyConnection, run: Run, linked: Iterable[Linked]) -> None:
    """Keep the derived rows as intervals, like facts; in the caller's transaction.

    A repository that is not spoken of keeps what it has, and its coverage is carried.
    """
    as_of = run.ended_at or run.started_at
    tables = [COVERAGE, *(fact_table(name) for name in LINK_TABLES)]
    for table in tables:
        empty_incoming(con, table)
    writers = row_writers(con, leave_out=INTERVAL_COLUMNS)
    incoming = _encode(linked, writers, run=run, as_of=as_of)
    for table in tables:
        with con.appender(f"incoming_{table.name}") as appender:
            for row in incoming.rows.get(table.name, {}).values():
                appender.append_row(*row)
    for table in tables[1:]:
        fold_table(con, table, run=run.run_id, org=run.org)
    settle_coverage(con, run=run.run_id, org=run.org, as_of=as_of, linking=True)


def _encode(
    linked: Iterable[Linked], writers: Mapping[str, RowWriter], *, run: Run, as_of: datetime
) -> _Incoming:
    # All of it is read before anything is written: the linker may still be reading from `con`.
    incoming = _Incoming()
    logins, references = (fact_table(name) for name in LINK_TABLES)
    for repository in linked:
        subject = str(repository.repository_id)
        coverage = {
            "org": run.org,
            "family": LINK_FAMILY,
            "subject": subject,
            "status": repository.status,
            "reason": repository.reason,
            "detail": repository.detail,
            "observed_at": as_of,
        }
        incoming.add(COVERAGE, writers[COVERAGE.name], writers[COVERAGE.name].encode(coverage, {}))
        for table, rows in (
            (logins, repository.registry_logins),
            (references, repository.package_references),
        ):
            writer = writers[table.name]
            fixed = fixed_columns(
                writer, org=run.org, family=LINK_FAMILY, subject=subject, observed_at=as_of
            )
            for row in rows:
                incoming.add(table, writer, writer.encode(row, fixed))
    return incoming
