import multiprocessing
import os
import resource
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from collector.errors import StoreError, StoreLockedError
from collector.store import connect, create_database, lock_down, open_inventory

ROOT = Path(__file__).parents[2]
_HOLD = """
import sys, time
import duckdb
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "acme.duckdb"


@pytest.fixture
def holder(db: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the inventory open."""
    create_database(db)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(db)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield child
        child.kill()


def test_a_reader_makes_no_file(db: Path) -> None:
    with (
        pytest.raises(StoreError, match="does not exist") as raised,
        open_inventory(db, read_only=True),
    ):
        pass

    assert "pkginventory collect" in raised.value.hint
    assert list(db.parent.iterdir()) == []


def test_a_file_that_is_no_database_is_left_as_it_is(db: Path) -> None:
    db.write_text("my notes " * 100)

    for read_only in (True, False):
        with (
            pytest.raises(StoreError, match="is not a DuckDB database"),
            open_inventory(db, read_only=read_only),
        ):
            pass
    assert db.read_text() == "my notes " * 100


def test_somebody_elses_database_is_left_as_it_is(db: Path) -> None:
    with duckdb.connect(str(db)) as con:
        con.execute("create table mine (i integer)")

    with pytest.raises(StoreError, match="not one of pkginventory's"), open_inventory(db):
        pass
    with duckdb.connect(str(db)) as con:
        assert con.execute("show tables").fetchall() == [("mine",)]


def test_a_folder_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="does not exist"),
        open_inventory(tmp_path / "no" / "acme.duckdb"),
    ):
        pass


def test_a_folder_in_place_of_the_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"), open_inventory(tmp_path):
        pass


def test_a_folder_that_may_not_be_written_is_said_so(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, whom no mode stops: the kernel's answer is simulated.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "link", refuse)

    with pytest.raises(StoreError, match="can't be written: permission denied"), open_inventory(db):
        pass
    assert list(db.parent.iterdir()) == []


def test_two_who_create_at_once_get_one_database(db: Path) -> None:
    create_database(db)
    first = db.stat().st_ino
    create_database(db)

    assert db.stat().st_ino == first
    assert list(db.parent.iterdir()) == [db]


def test_the_database_and_its_log_are_for_their_owner_alone(db: Path) -> None:
    before = os.umask(0o022)
    try:
        with open_inventory(db) as con:
            con.execute("force checkpoint")
            con.execute("insert into schema_version values (1, '2026-11-23', 'x')")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in db.parent.iterdir()}
    finally:
        os.umask(before)

    assert modes == {"acme.duckdb": 0o600, "acme.duckdb.wal": 0o600}


def test_the_file_can_be_read_by_the_1_x_line_of_duckdb(db: Path) -> None:
    with open_inventory(db) as con:
        tags = con.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchall()

    assert tags == [("v1.4.0+",)]


def test_nothing_is_ever_fetched_and_times_are_utc(db: Path) -> None:
    with open_inventory(db) as con:
        settings = con.execute(
            "select current_setting('autoinstall_known_extensions'),"
            " current_setting('autoload_known_extensions'), current_setting('TimeZone')"
        ).fetchall()

    assert settings == [(False, False, "UTC")]


def test_a_writer_names_the_process_that_keeps_it_waiting(
    db: Path, holder: subprocess.Popen[str]
) -> None:
    started = time.monotonic()
    for read_only in (True, False):
        with (
            pytest.raises(StoreLockedError, match=rf"held by process {holder.pid}\."),
            open_inventory(db, read_only=read_only, lock_timeout=0.1),
        ):
            pass

    assert time.monotonic() - started < 5


def test_a_writer_goes_on_as_soon_as_the_other_has_left(
    db: Path, holder: subprocess.Popen[str]
) -> None:
    assert holder.stdin is not None
    timer = threading.Timer(0.2, holder.stdin.close)
    timer.start()

    with open_inventory(db, lock_timeout=30) as con:
        tables = con.execute("from schema_version").fetchall()
    timer.join()

    assert len(tables) >= 1


def test_two_readers_do_not_wait_for_each_other(db: Path) -> None:
    create_database(db)

    with (
        open_inventory(db, read_only=True, lock_timeout=0),
        open_inventory(db, read_only=True, lock_timeout=0) as con,
    ):
        assert con.execute("select count(*) from run").fetchall() == [(0,)]


def test_a_reader_can_write_nothing(db: Path) -> None:
    create_database(db)

    with open_inventory(db, read_only=True) as con, pytest.raises(duckdb.InvalidInputException):
        con.execute("delete from setting")


def test_a_locked_down_connection_reaches_no_other_file_and_stays_so(db: Path) -> None:
    with open_inventory(db) as con:
        lock_down(con)

        for statement in (
            "from read_csv('/etc/hosts')",
            f"copy setting to '{db}.csv'",
            f"attach '{db}.other'",
            "set enable_external_access = true",
        ):
            with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
                con.execute(statement)
        con.execute("update setting set stale_package_days = 1")
    with open_inventory(db, read_only=True) as con:
        assert con.execute("select stale_package_days from setting").fetchall() == [(1,)]


def _fill_the_disk(db: Path, answers: "multiprocessing.Queue[tuple[str, str]]") -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    try:
        with open_inventory(db) as con:
            con.execute(
                "insert into blob select sha1(i::varchar), 1, md5(i::varchar)::blob, 0"
                " from range(300000) t(i)"
            )
    except StoreError as error:
        answers.put((str(error), error.hint))
    else:
        answers.put(("no error", ""))


def test_a_full_disk_is_said_so_and_what_was_stored_is_still_there(db: Path) -> None:
    create_database(db)
    process = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[tuple[str, str]] = process.Queue()
    child = process.Process(target=_fill_the_disk, args=(db, answers))
    child.start()
    message, hint = answers.get(timeout=60)
    child.join()

    assert message == f"There is no space left to write {db}."
    assert "Make room" in hint
    with open_inventory(db) as con:
        assert con.execute("select count(*) from blob").fetchall() == [(0,)]


def test_memory_is_bounded(db: Path) -> None:
    con = connect(db, memory_limit="64MB")
    try:
        with pytest.raises(duckdb.OutOfMemoryException):
            con.execute("select list(i) from range(100000000) t(i)").fetchall()
    finally:
        con.close()
