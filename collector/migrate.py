"""Bring a database to the newest schema, one numbered step a transaction, after a copy of the file was made."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import duckdb

from collector.errors import StoreError
from collector.private_files import private_files
from collector.run import utc_now
from collector.sqlfiles import SqlFile, migrations, views


def schema_version(con: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the last step that was applied; 0 where there is no schema at all."""
    known = con.execute(
        "select count(*) from duckdb_tables()"
        " where database_name = current_database() and table_name = 'schema_version'"
    ).fetchall()
    if known[0][0] == 0:
        return 0
    newest = con.execute("select max(version) from schema_version").fetchall()
    return int(newest[0][0] or 0)


def newest_version(steps: Sequence[SqlFile] | None = None) -> int:
    """Return the version that this release writes."""
    return max(step.number for step in (migrations() if steps is None else steps))


def check_version(version: int, *, path: Path, steps: Sequence[SqlFile] | None = None) -> None:
    """Refuse a file of a newer release.

    Raises:
        StoreError: this release must not touch the file.
    """
    newest = newest_version(steps)
    if version > newest:
        raise StoreError(
            f"{path} has schema version {version}; this release of pkginventory knows only"
            f" versions up to {newest}.",
            hint="Upgrade pkginventory, or name another file with --db.",
        )


def check_empty(con: duckdb.DuckDBPyConnection, *, path: Path) -> None:
    """Refuse a database that has tables, but none of ours.

    Raises:
        StoreError: it belongs to something else.
    """
    if con.execute("show tables").fetchall():
        raise StoreError(
            f"{path} is a DuckDB database, but not one of pkginventory's.",
            hint="Name another file with --db.",
        )


def apply_migrations(
    con: duckdb.DuckDBPyConnection,
    *,
    tool_version: str,
    steps: Sequence[SqlFile] | None = None,
) -> list[int]:
    """Apply the steps that the database has not seen and return their numbers."""
    version = schema_version(con)
    applied = []
    for step in migrations() if steps is None else steps:
        if step.number <= version:
            continue
        con.begin()
        try:
            con.execute(step.text)
            con.execute(
                "insert into schema_version values (?, ?, ?)",
                [step.number, utc_now(), tool_version],
            )
            con.commit()
        except duckdb.Error:
            _roll_back(con)
            raise
        applied.append(step.number)
    return applied


def refresh_views(
    con: duckdb.DuckDBPyConnection, *, files: Sequence[SqlFile] | None = None
) -> bool:
    """Create the views of this release where those of another stand; tell whether that was so."""
    ours = views() if files is None else files
    digest = sha256("\0".join(file.text for file in ours).encode()).hexdigest()
    if con.execute("select digest from view_state").fetchall() == [(digest,)]:
        return False
    con.begin()
    try:
        for file in ours:
            con.execute(file.text)
        con.execute("delete from view_state")
        con.execute("insert into view_state values (?)", [digest])
        con.commit()
    except duckdb.Error:
        _roll_back(con)
        raise
    return True


def back_up(path: Path, *, version: int) -> Path:
    """Copy a closed database beside itself before its schema changes and return the copy.

    The file must not be open in this process: closing any descriptor of it would give up the lock.
    """
    copy = path.with_name(f"{path.name}.v{version}.backup")
    unfinished = copy.with_name(copy.name + ".part")
    with private_files():
        shutil.copyfile(path, unfinished)
        unfinished.replace(copy)
    return copy


def _roll_back(con: duckdb.DuckDBPyConnection) -> None:
    # A full disk may have ended the transaction already; what it was about is raised.
    with suppress(duckdb.Error):
        con.rollback()
