import stat
from pathlib import Path

import duckdb
import pytest

from collector import migrate
from collector.errors import StoreError
from collector.migrate import apply_migrations, refresh_views, schema_version
from collector.sqlfiles import SqlFile, migrations
from collector.store import create_database, open_inventory

RUN = (
    "insert into run values ('r1', 'acme', 'published', 'a', 'w', 'ghec', '2026-11-01',"
    " '2026-11-01', '2026-11-01', '0.1', '[]', '{}', '[]')"
)
NEXT = len(migrations()) + 1


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A file as the first release left it."""
    path = tmp_path / "acme.duckdb"
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.4.0"}) as con:
        con.execute(migrations()[0].text)
        con.execute("insert into schema_version values (1, '2026-11-01', '0.1.0')")
        con.execute(RUN)
    return path


@pytest.fixture
def next_release(monkeypatch: pytest.MonkeyPatch) -> SqlFile:
    """A release with one more step."""
    step = SqlFile(
        NEXT, "more", "alter table run add column weather varchar; create table sky (i integer)"
    )
    steps = [*migrations(), step]
    monkeypatch.setattr(migrate, "migrations", lambda: steps)
    return step


def test_a_file_of_a_newer_release_is_refused_and_left_as_it_is(version_1: Path) -> None:
    with duckdb.connect(str(version_1)) as con:
        con.execute("insert into schema_version values (999, '2030-01-01', '9.0')")
    before = version_1.read_bytes()

    for read_only in (True, False):
        with (
            pytest.raises(StoreError, match="has schema version 999; this release") as raised,
            open_inventory(version_1, read_only=read_only),
        ):
            pass
        assert "Upgrade pkginventory" in raised.value.hint
    assert version_1.read_bytes() == before


def test_a_file_of_the_first_release_opens_with_all_that_it_held(version_1: Path) -> None:
    with open_inventory(version_1) as con:
        assert schema_version(con) == len(migrations())
        assert con.execute("select run_id from run").fetchall() == [("r1",)]


def test_a_step_is_applied_once_and_a_copy_of_the_file_is_kept(
    version_1: Path, next_release: SqlFile
) -> None:
    for _ in range(2):
        with open_inventory(version_1) as con:
            assert con.execute("select run_id, weather from run").fetchall() == [("r1", None)]
            assert schema_version(con) == next_release.number

    copy = version_1.with_name("acme.duckdb.v1.backup")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with duckdb.connect(str(copy), read_only=True) as con:
        assert schema_version(con) == 1
        assert con.execute("select run_id from run").fetchall() == [("r1",)]


def test_a_reader_of_an_old_file_finds_it_brought_up_to_date(
    version_1: Path, next_release: SqlFile
) -> None:
    with open_inventory(version_1, read_only=True) as con:
        assert con.execute("from sky").fetchall() == []


def test_a_new_file_needs_no_copy(tmp_path: Path, next_release: SqlFile) -> None:
    create_database(tmp_path / "acme.duckdb")

    assert [path.name for path in tmp_path.iterdir()] == ["acme.duckdb"]


def test_a_step_that_fails_leaves_the_version_before_it(version_1: Path) -> None:
    broken = SqlFile(2, "broken", "create table half (i integer); create table run (i integer)")
    with duckdb.connect(str(version_1)) as con:
        with pytest.raises(duckdb.CatalogException):
            apply_migrations(con, tool_version="x", steps=[migrations()[0], broken])

        assert schema_version(con) == 1
        assert ("half",) not in con.execute("show tables").fetchall()


def test_views_are_made_anew_only_when_another_release_wrote_them(version_1: Path) -> None:
    files = [SqlFile(1, "a", "create or replace view a as select 1 as one")]
    newer = [SqlFile(1, "a", "create or replace view a as select 2 as two")]
    with duckdb.connect(str(version_1)) as con:
        made = [refresh_views(con, files=each) for each in (files, files, newer)]

        assert made == [True, False, True]
        assert con.execute("select two from a").fetchall() == [(2,)]


def test_a_view_that_can_not_be_made_leaves_those_that_stood(version_1: Path) -> None:
    files = [SqlFile(1, "a", "create or replace view a as select 1 as one")]
    broken = [
        SqlFile(1, "a", "create or replace view a as select 2 as one"),
        SqlFile(2, "b", "create or replace view b as select * from nowhere"),
    ]
    with duckdb.connect(str(version_1)) as con:
        refresh_views(con, files=files)
        with pytest.raises(duckdb.CatalogException):
            refresh_views(con, files=broken)

        assert con.execute("select one from a").fetchall() == [(1,)]
