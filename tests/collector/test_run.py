import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from collector.errors import StoreError, StoreLockedError, UsageError
from collector.run import as_utc, new_run_id, run_lock

_HOLD = """
import sys, time
from pathlib import Path
from collector.run import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_name_that_is_no_login_is_refused() -> None:
    with pytest.raises(UsageError, match="is no name of an organization"):
        new_run_id("../acme", started_at=datetime.now(UTC))


def test_names_of_runs_sort_by_time_even_within_a_second() -> None:
    start = datetime(2026, 11, 23, 3, 17, tzinfo=UTC)
    steps = [timedelta(0), timedelta(microseconds=9), timedelta(milliseconds=900)]
    moments = [start + step for step in (*steps, timedelta(seconds=1))]

    names = [new_run_id("acme", started_at=moment) for moment in moments]

    assert sorted(names) == names
    assert len(set(names)) == len(names)


def test_a_run_is_named_after_its_moment_in_utc_and_its_organization() -> None:
    east = timezone(timedelta(hours=2))

    name = new_run_id("acme", started_at=datetime(2026, 11, 23, 3, 17, tzinfo=east))

    assert name == "20261123T011700Z-acme-00000"


def test_a_moment_without_a_zone_is_utc_already() -> None:
    naive = datetime(2026, 11, 23, 3, 17)  # noqa: DTZ001  this is what is tested

    assert as_utc(naive) == naive


def test_the_lock_can_be_taken_again_after_it_was_given_back(tmp_path: Path) -> None:
    db = tmp_path / "x.duckdb"
    for _ in range(2):
        with run_lock(db):
            assert (tmp_path / "x.duckdb.lock").read_text() == str(os.getpid())


def test_a_second_run_is_told_which_process_holds_the_lock(tmp_path: Path) -> None:
    db = tmp_path / "x.duckdb"
    with (
        run_lock(db),
        pytest.raises(StoreLockedError, match=rf"Another run .*process {os.getpid()}"),
        run_lock(db, wait=0.15),
    ):
        pass


def test_a_process_that_is_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    db = tmp_path / "x.duckdb"
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(db)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child.stdout:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreLockedError, match=f"process {child.pid}"), run_lock(db):
            pass
        child.kill()
        child.wait()

    with run_lock(db):
        assert (tmp_path / "x.duckdb.lock").read_text() == str(os.getpid())


def test_a_lock_in_a_folder_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"), run_lock(tmp_path / "no" / "x.duckdb"):
        pass
