"""What DuckDB and the file system say when a store can't be used, said so that a person can mend it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from collector.errors import StoreError, StoreLockedError

# What DuckDB raises when the file, its lock, the disk or the memory is the trouble, not the query.
_FILE_TROUBLE = (
    duckdb.IOException,
    duckdb.ConnectionException,
    duckdb.TransactionException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
)
_HOLDER = re.compile(r"\(PID (\d+)\)")
_LOCK_SIGNS = ("could not set lock", "conflicting lock", "different configuration")

# What the message contains -> what to say of the path, what to do. The first that fits.
_MEANINGS = (
    (
        ("not a valid duckdb database",),
        "{path} is not a DuckDB database.",
        "Name another file with --db, or move this one away.",
    ),
    (
        ("newer version of duckdb", "newer duckdb version", "storage version", "version number"),
        "{path} was written by a version of DuckDB that this one can't read.",
        "Upgrade the duckdb package.",
    ),
    (
        ("no space left", "file too large", "quota exceeded", "could not write"),
        "There is no space left to write {path}.",
        "Make room and run the same command again: nothing that was stored is lost.",
    ),
    (
        ("permission denied", "read-only file system", "operation not permitted"),
        "{path} can't be written: permission denied.",
        "Name a file in a folder that you may write to with --db.",
    ),
    (
        ("is a directory",),
        "{path} is a folder, not a database.",
        "Name a file with --db.",
    ),
    (
        ("no such file", "does not exist", "not a directory"),
        "{path} does not exist.",
        "Check the folder and the name given with --db.",
    ),
    (
        ("out of memory",),
        "There is not enough memory to work on {path}.",
        "Run it where more memory is free.",
    ),
)


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the file itself into a StoreError; a wrong query stays a bug."""
    try:
        yield
    except (*_FILE_TROUBLE, OSError) as error:
        raise store_error(error, path) from error


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Do the same around other people's code, whose trouble with other files is not ours."""
    try:
        yield
    except _FILE_TROUBLE as error:
        raise store_error(error, path) from error


def store_error(error: Exception, path: Path) -> StoreError:
    """Say what an error of DuckDB or of the file system means for the file at `path`."""
    text = str(error)
    lowered = text.lower()
    if any(sign in lowered for sign in _LOCK_SIGNS):
        return _locked(text, path)
    for signs, sentence, hint in _MEANINGS:
        if any(sign in lowered for sign in signs):
            return StoreError(sentence.format(path=path), hint=hint)
    first_line = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    return StoreError(f"{path} can't be used: {first_line}")


def _locked(text: str, path: Path) -> StoreLockedError:
    holder = _HOLDER.search(text)
    who = f"process {holder[1]}" if holder else "another part of this process"
    return StoreLockedError(
        f"{path} is held by {who}.",
        hint="Wait until it has finished, or give it longer with --lock-timeout.",
    )
