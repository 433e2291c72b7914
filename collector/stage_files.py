"""The folder of stages beside the inventory: which crawl goes on, which is ready, which is too old."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from collector.errors import StoreError, StoreLockedError
from collector.migrate import apply_migrations, check_version, newest_version, schema_version
from collector.private_files import private_files
from collector.run import Run, as_utc
from collector.run_rows import insert_run_row, read_run
from collector.stage import Stage, open_stage
from collector.store import connect, remove_database, tool_version
from collector.store_errors import store_errors

# An unfinished crawl that is older would mix two days.
RESUMABLE_FOR = timedelta(days=1)
_SUFFIX = ".duckdb"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StageFile:
    """A stage as it lies in the folder."""

    path: Path
    run: Run
    finished: bool


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What to do with the stages that were found."""

    finished: tuple[StageFile, ...]
    """To publish, the oldest first."""
    resumable: StageFile | None
    """The crawl to go on with."""
    outdated: tuple[StageFile, ...]
    """Unfinished for more than a day, or left behind by a newer one: to say so and discard."""


def stages_dir(db: Path) -> Path:
    """Return the folder of an inventory's stages."""
    return db.with_name(db.name + "-stages")


def create_stage(db: Path, run: Run) -> Stage:
    """Make the stage of a new crawl, under the run lock; whoever sees the file sees it whole."""
    folder = stages_dir(db)
    path = folder / f"{run.run_id}{_SUFFIX}"
    unfinished = path.with_name(path.name + ".new")
    with private_files(), store_errors(path):
        if not db.parent.is_dir():
            raise FileNotFoundError(f"No such file or directory: {db.parent}")
        folder.mkdir(mode=0o700, exist_ok=True)
        for leftover in folder.glob(f"*{_SUFFIX}.new"):
            remove_database(leftover)
        con = connect(unfinished)
        try:
            apply_migrations(con, tool_version=run.tool_version)
            insert_run_row(con, run, status="collecting")
            # Closing says nothing of a disk that is full.
            con.execute("checkpoint")
        finally:
            con.close()
        unfinished.rename(path)
    return open_stage(path)


def find_stages(db: Path, *, org: str | None = None) -> list[StageFile]:
    """Return the stages of an inventory, the oldest first.

    One that another process holds is left out. One that can't be read is left out too and the log
    says so: it must not keep the nights after it from being published.
    """
    folder = stages_dir(db)
    if not folder.is_dir():
        return []
    found = [file for path in sorted(folder.glob(f"*{_SUFFIX}")) if (file := _readable(path))]
    ours = [file for file in found if org is None or file.run.org == org]
    return sorted(ours, key=lambda file: file.run.run_id)


def sort_stages(files: Iterable[StageFile], *, now: datetime) -> StagePlan:
    """Decide what to do with the stages of one organization."""
    ordered = sorted(files, key=lambda file: file.run.run_id)
    finished = tuple(file for file in ordered if file.finished)
    unfinished = [file for file in ordered if not file.finished]
    young = [file for file in unfinished if as_utc(now) - file.run.started_at <= RESUMABLE_FOR]
    # One that started before a finished one could not be published after it.
    newest_finished = finished[-1].run.run_id if finished else ""
    resumable = young[-1] if young and young[-1].run.run_id > newest_finished else None
    outdated = tuple(file for file in unfinished if file is not resumable)
    return StagePlan(finished=finished, resumable=resumable, outdated=outdated)


def discard_stage(path: Path) -> None:
    """Remove a stage."""
    with store_errors(path):
        remove_database(path)


def look_into(path: Path) -> StageFile | None:
    """Read whose stage a file is, or None while another process writes to it.

    One of an earlier release is brought up to date.

    Raises:
        StoreError: the file is no stage that this release can read.
    """
    with private_files():
        try:
            con = connect(path)
        except StoreLockedError:
            return None
        try:
            return _read(con, path)
        finally:
            con.close()


def _readable(path: Path) -> StageFile | None:
    try:
        return look_into(path)
    except StoreError as error:
        _log.warning("Left a staging file alone: %s %s", error, error.hint)
        return None


def _read(con: duckdb.DuckDBPyConnection, path: Path) -> StageFile:
    with store_errors(path):
        version = schema_version(con)
        check_version(version, path=path)
        if version == 0:
            raise StoreError(f"{path} is no staging file.", hint="Move it out of its folder.")
        if version < newest_version():
            apply_migrations(con, tool_version=tool_version())
        run = read_run(con)
    return StageFile(path=path, run=run, finished=run.ended_at is not None)
