from pathlib import Path

import duckdb
import pytest

from collector.errors import StoreError, StoreLockedError
from collector.store_errors import database_errors, store_error, store_errors

DB = Path("acme.duckdb")


def test_a_wrong_query_stays_a_bug() -> None:
    with (
        duckdb.connect() as con,
        pytest.raises(duckdb.CatalogException),
        store_errors(DB),
    ):
        con.execute("from nowhere")


def test_trouble_with_another_file_is_not_put_on_the_database() -> None:
    with pytest.raises(FileNotFoundError), database_errors(DB):
        Path("nowhere").read_text()


def test_a_lock_names_the_process_that_holds_it() -> None:
    error = store_error(
        duckdb.IOException(
            'IO Error: Could not set lock on file "x": Conflicting lock is held in python (PID 42).'
        ),
        DB,
    )

    assert isinstance(error, StoreLockedError)
    assert str(error) == "acme.duckdb is held by process 42."


def test_a_lock_within_this_process_is_said_so() -> None:
    error = store_error(
        duckdb.ConnectionException(
            "Can't open a connection to same database file with a different configuration"
        ),
        DB,
    )

    assert isinstance(error, StoreLockedError)
    assert "this process" in str(error)


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ('The file "x" exists, but it is not a valid DuckDB database file!', "not a DuckDB"),
        ("Trying to read a database file with version number 99", "can't read"),
        ("Could not write file: No space left on device", "no space left"),
        ('Cannot open file "x": Permission denied', "can't be written"),
        ('Cannot open file "x": Read-only file system', "can't be written"),
        ('Could not read from file "x": Is a directory', "is a folder"),
        ('Cannot open file "x": No such file or directory', "does not exist"),
        ("Out of Memory Error: failed to allocate", "not enough memory"),
        ("something never heard of\nwith details", "can't be used: something never heard of"),
        ("", "can't be used: IOException"),
    ],
)
def test_each_trouble_is_one_sentence_with_the_files_name(message: str, sentence: str) -> None:
    error = store_error(duckdb.IOException(message), DB)

    assert type(error) is StoreError
    assert sentence in str(error)
    assert "acme.duckdb" in str(error)
    assert "\n" not in str(error)
