"""Publish a finished stage: one transaction in which the inventory takes in a night and judges it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

import duckdb

from collector.carry import settle_coverage
from collector.errors import StoreError, StoreLockedError
from collector.linking import Linked, merge_links
from collector.merge import fold_table, has_work, stage_incoming
from collector.run import Run
from collector.run_rows import insert_run_row
from collector.stage_files import StageFile, look_into
from collector.store import LOCK_TIMEOUT, lock_down, open_inventory, remove_database
from collector.store_errors import store_errors
from collector.tables import COVERAGE, FACT_TABLES, LINK_TABLES

# Longer than any fact is carried.
_REQUESTS_KEPT = timedelta(days=45)
# What does not fit goes to files beside the inventory. The whole program is to stay below 400 MB;
# where so little is too little, the inventory's own bound holds.
_MEMORY = "160MB"

Link = Callable[[duckdb.DuckDBPyConnection, Run], Iterable[Linked]]
Judge = Callable[[duckdb.DuckDBPyConnection, Run], None]


class StageSupersededError(StoreError):
    """A newer crawl of the organization was published before this one."""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a stage."""

    run_id: str
    outcome: Literal["published", "already_published"]


def publish(
    inventory: Path,
    stage: Path,
    *,
    link: Link | None = None,
    judge: Judge | None = None,
    lock_timeout: float = LOCK_TIMEOUT,
) -> Published:
    """Take a finished stage into the inventory and remove it.

    Readers see all of it or nothing. Whatever fails, the stage is still there and publishing it
    again works; a stage whose run is in the inventory already is only removed.

    Args:
        inventory: the database.
        stage: the file of a finished crawl.
        link: says which registry logins and package references the run's facts amount to.
        judge: runs the rules and stores their verdicts; it may not begin or end a transaction.
        lock_timeout: seconds to wait for other processes that use the inventory.

    Raises:
        StageSupersededError: a newer run was published; the file is kept under another name.
        StoreLockedError: another process holds the inventory or the stage.
        StoreError: a file can't be used, said in a sentence.
    """
    file = _finished(stage)
    known, newer = False, None
    for memory in (_MEMORY, None):
        with open_inventory(inventory, lock_timeout=lock_timeout) as con:
            known = _is_published(con, file.run)
            newer = None if known else _newer_run(con, file.run)
            if known or newer is not None:
                break
            if _publish_within(con, file, memory=memory, link=link, judge=judge):
                break
    if newer is not None:
        raise _set_aside(file, newer=newer)
    with store_errors(stage):
        remove_database(stage)
    return Published(file.run.run_id, "already_published" if known else "published")


def _finished(stage: Path) -> StageFile:
    if not stage.exists():
        raise StoreError(f"{stage} does not exist.", hint="Name a file of a finished crawl.")
    file = look_into(stage)
    if file is None:
        raise StoreLockedError(
            f"{stage} is held by another process.", hint="Wait until that crawl has finished."
        )
    if not file.finished:
        raise StoreError(
            f"{stage} is a crawl that has not finished.",
            hint="Run `pkginventory collect` to go on with it.",
        )
    return file


def _is_published(con: duckdb.DuckDBPyConnection, run: Run) -> bool:
    return bool(con.execute("from run where run_id = ?", [run.run_id]).fetchall())


def _newer_run(con: duckdb.DuckDBPyConnection, run: Run) -> str | None:
    newer = con.execute(
        "select run_id from run where org = ? and (run_id > ? or ended_at > ?)"
        " order by run_id desc limit 1",
        [run.org, run.run_id, run.ended_at],
    ).fetchall()
    return newer[0][0] if newer else None


def _set_aside(file: StageFile, *, newer: str) -> StageSupersededError:
    kept = file.path.with_name(file.path.name + ".superseded")
    with store_errors(file.path):
        file.path.replace(kept)
    return StageSupersededError(
        f"Run {file.run.run_id} can't be published: {newer} of the same organization is newer"
        " and already in the inventory.",
        hint=f"It was kept as {kept}; remove it when you don't need it.",
    )


def _publish_within(
    con: duckdb.DuckDBPyConnection,
    file: StageFile,
    *,
    memory: str | None,
    link: Link | None,
    judge: Judge | None,
) -> bool:
    """Publish within so much memory; tell whether it was enough. Without a bound it has to be."""
    try:
        if memory is not None:
            con.execute(f"set memory_limit = '{memory}'")
        _publish(con, file, link=link, judge=judge)
    except (duckdb.OutOfMemoryException, duckdb.FatalException):
        # The latter is what a commit without memory ends in; either way nothing was published.
        if memory is None:
            raise
        return False
    return True


def _publish(
    con: duckdb.DuckDBPyConnection, file: StageFile, *, link: Link | None, judge: Judge | None
) -> None:
    con.execute(f"attach '{_quoted(file.path)}' as stage (read_only)")
    # From here on nothing but these two files is touched, whatever a rule says.
    lock_down(con)
    con.begin()
    try:
        take_in(con, file.run)
        if link is not None:
            merge_links(con, file.run, link(con, file.run))
        if judge is not None:
            judge(con, file.run)
        con.commit()
    except BaseException:
        _roll_back(con)
        raise
    con.execute("detach stage")


def take_in(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Fold the attached `stage` into the inventory, in the caller's transaction, without judging."""
    insert_run_row(con, run, status="published")
    stage_incoming(con, COVERAGE, org=run.org)
    for table in FACT_TABLES:
        if table.name in LINK_TABLES or not has_work(con, table):
            continue
        stage_incoming(con, table, org=run.org)
        fold_table(con, table, run=run.run_id, org=run.org)
    settle_coverage(con, run=run.run_id, org=run.org, as_of=run.ended_at or run.started_at)
    _keep_evidence(con, run)
    con.execute(
        "insert into blob select * from stage.main.blob s"
        " where not exists (from blob b where b.blob_sha = s.blob_sha)"
    )
    con.execute(
        "insert into blob_facts select * from stage.main.blob_facts s where not exists"
        " (from blob_facts f where f.blob_sha = s.blob_sha and f.kind = s.kind"
        " and f.parser_version = s.parser_version)"
    )


def _keep_evidence(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    con.execute("insert into request select * from stage.main.request order by seq")
    # A year of nights holds a million requests. What was asked again since has a newer witness.
    con.execute(
        "delete from request old where run_id in"
        " (select run_id from run where org = $org and ended_at < $as_of::timestamp - $kept)"
        " and exists (from request new join run using (run_id) where org = $org"
        " and new.method = old.method and new.path = old.path and new.run_id > old.run_id)",
        {"org": run.org, "as_of": run.ended_at, "kept": _REQUESTS_KEPT},
    )


def _roll_back(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.rollback()
    except duckdb.Error:
        # The failed statement may have closed the transaction; what it was about is raised.
        return


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
