"""Open the inventory: created, migrated, private, and waited for when another process holds it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb

from collector.errors import StoreError, StoreLockedError
from collector.migrate import (
    apply_migrations,
    back_up,
    check_empty,
    check_version,
    newest_version,
    refresh_views,
    schema_version,
)
from collector.private_files import private_files
from collector.store_errors import database_errors, store_errors

# Files are written so that DuckDB's 1.x line (shells, notebooks) opens them too.
STORAGE_VERSION = "v1.4.0"
LOCK_TIMEOUT = 60.0
_MEMORY_LIMIT = "2GB"
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5


def connect(
    path: Path, *, read_only: bool = False, memory_limit: str = _MEMORY_LIMIT
) -> duckdb.DuckDBPyConnection:
    """Connect as this program always does: UTC, nothing fetched, memory bounded.

    Raises:
        StoreError: the file can't be used, said in a sentence.
    """
    with store_errors(path):
        if not read_only and not path.parent.is_dir():
            raise FileNotFoundError(f"No such file or directory: {path.parent}")
        con = duckdb.connect(
            str(path),
            read_only=read_only,
            config={
                "storage_compatibility_version": STORAGE_VERSION,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "memory_limit": memory_limit,
            },
        )
        con.execute("set TimeZone = 'UTC'")
    return con


@contextmanager
def open_inventory(
    path: Path, *, read_only: bool = False, lock_timeout: float = LOCK_TIMEOUT
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the inventory for a short time; a writer finds it created and migrated.

    Readers keep writers out and writers keep everyone out: copy what you need and leave.

    Raises:
        StoreLockedError: another process held the file longer than `lock_timeout` seconds.
        StoreError: the file can't be used, said in a sentence.
    """
    deadline = time.monotonic() + lock_timeout
    if read_only:
        con = _open_for_reading(path, deadline=deadline)
        try:
            with database_errors(path):
                yield con
        finally:
            con.close()
        return
    with private_files():
        con = _open_for_writing(path, deadline=deadline)
        try:
            with database_errors(path):
                yield con
        finally:
            _close(con, path)


def lock_down(con: duckdb.DuckDBPyConnection) -> None:
    """Take file access and settings away from the connection for good, before a user's SQL runs."""
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def tool_version() -> str:
    """Return the version of this program, as the store records it."""
    try:
        return version("pkginventory")
    except PackageNotFoundError:
        return "0+unknown"


def create_database(path: Path) -> None:
    """Make an empty database with the newest schema; whoever sees the file sees it whole."""
    unfinished = path.with_name(f"{path.name}.new-{os.getpid()}")
    with private_files():
        remove_database(unfinished)
        con = connect(unfinished)
        try:
            with store_errors(path):
                apply_migrations(con, tool_version=tool_version())
                # Views too: who is killed right after this leaves a file that can be read.
                refresh_views(con)
                # Closing says nothing of a disk that is full.
                con.execute("checkpoint")
        finally:
            _close(con, path)
        try:
            # A link, unlike a rename, does not replace what another process made meanwhile.
            with suppress(FileExistsError), store_errors_but_exists(path):
                os.link(unfinished, path)
        finally:
            remove_database(unfinished)


def remove_database(path: Path) -> None:
    """Remove a database and its write-ahead log."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


@contextmanager
def store_errors_but_exists(path: Path) -> Iterator[None]:
    """Say what went wrong with the file, but let FileExistsError through."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        with store_errors(path):
            raise error from None


def _open_for_reading(path: Path, *, deadline: float) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise StoreError(
            f"{path} does not exist.",
            hint="Run `pkginventory collect` first, or name the file with --db.",
        )
    con = _connect_in_time(path, read_only=True, deadline=deadline)
    found = _checked_version(con, path)
    if found == newest_version():
        return con
    con.close()
    # Written by an earlier release: whoever comes first brings it up to date.
    with private_files():
        _close(_open_for_writing(path, deadline=deadline), path)
    return _connect_in_time(path, read_only=True, deadline=deadline)


def _open_for_writing(path: Path, *, deadline: float) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        create_database(path)
    con = _connect_in_time(path, read_only=False, deadline=deadline)
    try:
        found = _checked_version(con, path)
        if found < newest_version():
            con.close()
            back_up(path, version=found)
            con = _connect_in_time(path, read_only=False, deadline=deadline)
            # Another process may have been here while the file was closed for the copy.
            _checked_version(con, path)
        with store_errors(path):
            apply_migrations(con, tool_version=tool_version())
            refresh_views(con)
    except BaseException:
        con.close()
        raise
    return con


def _checked_version(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    try:
        with store_errors(path):
            found = schema_version(con)
            check_version(found, path=path)
            if found == 0:
                check_empty(con, path=path)
    except BaseException:
        con.close()
        raise
    return found


def _connect_in_time(path: Path, *, read_only: bool, deadline: float) -> duckdb.DuckDBPyConnection:
    pause = _FIRST_PAUSE
    while True:
        try:
            return connect(path, read_only=read_only)
        except StoreLockedError:
            left = deadline - time.monotonic()
            if left <= 0:
                raise
            time.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE)


def _close(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    with store_errors(path):
        con.close()
