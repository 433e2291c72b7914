import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from collector import migrate
from collector.errors import StoreError
from collector.sqlfiles import SqlFile, migrations
from collector.stage import open_stage
from collector.stage_files import (
    StageFile,
    create_stage,
    discard_stage,
    find_stages,
    sort_stages,
    stages_dir,
)
from tests.collector.nights import make_stage, night, run_of

_HOLD = """
import sys
import duckdb
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "acme.duckdb"


def _file(number: int, *, finished: bool) -> StageFile:
    return StageFile(Path(f"{number}.duckdb"), run_of(number), finished)


def test_where_nothing_was_crawled_there_are_no_stages(db: Path) -> None:
    assert find_stages(db) == []


def test_a_stage_needs_the_folder_of_its_inventory(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        create_stage(tmp_path / "no" / "acme.duckdb", run_of(0))


def test_a_file_that_can_not_be_read_keeps_nothing_else_from_being_published(
    db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = make_stage(db, 0, [])
    (stages_dir(db) / "broken.duckdb").write_text("nonsense " * 100)
    with duckdb.connect(str(stages_dir(db) / "other.duckdb")) as con:
        con.execute("create table mine (i integer)")

    with caplog.at_level(logging.WARNING):
        found = find_stages(db)

    assert [file.path for file in found] == [path]
    assert "is not a DuckDB database" in caplog.text
    assert "is no staging file" in caplog.text


def test_what_a_crawl_left_that_died_while_it_made_its_stage_is_cleared_away(db: Path) -> None:
    stages_dir(db).mkdir()
    (stages_dir(db) / "x.duckdb.new").write_bytes(b"")

    assert find_stages(db) == []
    path = make_stage(db, 0, [])
    assert list(stages_dir(db).iterdir()) == [path]


def test_a_stage_in_use_is_left_out(db: Path) -> None:
    path = make_stage(db, 0, [])
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        found = find_stages(db)
        child.kill()

    assert found == []


def test_stages_are_found_the_oldest_first_and_by_organization(db: Path) -> None:
    for number, org in ((1, "acme"), (0, "acme"), (2, "umbrella")):
        make_stage(db, number, [], org=org)
    with create_stage(db, run_of(3)):
        pass

    found = find_stages(db, org="acme")

    assert [(file.run.run_id, file.finished) for file in found] == [
        (run_of(0).run_id, True),
        (run_of(1).run_id, True),
        (run_of(3).run_id, False),
    ]
    assert len(find_stages(db)) == 4


def test_a_stage_of_an_earlier_release_is_brought_up_to_date(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_stage(db, 0, [])
    step = SqlFile(len(migrations()) + 1, "more", "alter table run add column weather varchar")
    steps = [*migrations(), step]
    monkeypatch.setattr(migrate, "migrations", lambda: steps)

    assert [file.path for file in find_stages(db)] == [path]
    with open_stage(path) as stage:
        assert stage._fetch("select weather from run") == [(None,)]


def test_a_stage_of_a_newer_release_is_left_alone(
    db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = make_stage(db, 0, [])
    with duckdb.connect(str(path)) as con:
        con.execute("insert into schema_version values (999, '2030-01-01', '9')")

    assert find_stages(db) == []
    assert "schema version 999" in caplog.text
    assert path.exists()


def test_a_young_unfinished_crawl_is_gone_on_with() -> None:
    plan = sort_stages([_file(0, finished=False)], now=night(0) + timedelta(hours=23))

    assert plan.resumable == _file(0, finished=False)
    assert plan.outdated == ()


def test_an_unfinished_crawl_of_over_a_day_is_outdated() -> None:
    plan = sort_stages([_file(0, finished=False)], now=night(1) + timedelta(seconds=1))

    assert plan.resumable is None
    assert plan.outdated == (_file(0, finished=False),)


def test_finished_stages_are_published_whatever_their_age_the_oldest_first() -> None:
    plan = sort_stages([_file(2, finished=True), _file(0, finished=True)], now=night(50))

    assert [file.run.run_id for file in plan.finished] == [run_of(0).run_id, run_of(2).run_id]


def test_of_two_unfinished_crawls_the_newer_goes_on() -> None:
    files = [_file(1, finished=False), _file(0, finished=False)]

    plan = sort_stages(files, now=night(1))

    assert plan.resumable == _file(1, finished=False)
    assert plan.outdated == (_file(0, finished=False),)


def test_a_crawl_that_began_before_a_finished_one_is_outdated() -> None:
    files = [_file(0, finished=False), _file(1, finished=True)]

    plan = sort_stages(files, now=night(0))

    assert plan.resumable is None
    assert plan.outdated == (_file(0, finished=False),)


def test_a_discarded_stage_is_gone_with_its_log(db: Path) -> None:
    with create_stage(db, run_of(0)) as stage:
        pass
    Path(f"{stage.path}.wal").touch()

    discard_stage(stage.path)

    assert list(stages_dir(db).iterdir()) == []
