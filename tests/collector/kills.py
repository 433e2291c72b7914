"""Kill a crawl and its publish at random moments, over and over, and see that nothing is lost or double.

`python -m tests.collector.kills --kills 200` is the long form of the test in test_kills.py.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from collector.publish import publish
from collector.run import Run
from collector.stage import Stage, open_stage
from collector.stage_files import create_stage, find_stages
from collector.store import open_inventory
from tests.collector.nights import night, repository, run_of

PAGES = 30
ROWS_A_PAGE = 20
SUBJECTS = 60
ROOT = Path(__file__).parents[2]


def crawl_one_night(db: Path, number: int) -> None:
    """Go on with the night's crawl, or begin it, then publish it."""
    waiting = find_stages(db)
    if not waiting and _is_published(db, number):
        return
    if not waiting or not waiting[0].finished:
        stage = open_stage(waiting[0].path) if waiting else create_stage(db, run_of(number))
        with stage:
            _walk(stage, number)
        waiting = find_stages(db)
    publish(db, waiting[0].path, judge=_judge)


def _walk(stage: Stage, number: int) -> None:
    done = stage.last_page("repositories")
    for page in range(done.page + 1 if done else 1, PAGES + 1):
        with stage.batch() as batch:
            first = page * ROWS_A_PAGE
            rows = [
                repository(first + i, name=f"r{first + i}-{(number + i) // 3}")
                for i in range(ROWS_A_PAGE)
            ]
            batch.put("repository", rows, family="repositories", observed_at=night(number))
            batch.record_request(
                method="GET", path=f"/repos?page={page}", status=200, observed_at=night(number)
            )
            batch.page_done("repositories", "", page, {"cursor": page})
            if page == PAGES:
                batch.record_coverage("repositories", status="complete", observed_at=night(number))
                batch.subject_done("repositories")
    for subject in map(str, range(ROWS_A_PAGE, ROWS_A_PAGE + SUBJECTS)):
        if stage.is_done("repo_fork_approval", subject):
            continue
        with stage.batch(lazy=True) as batch:
            row = {"repository_id": int(subject), "approval_policy": f"p{number // 2}"}
            batch.put(
                "fork_approval",
                [row],
                family="repo_fork_approval",
                subject=subject,
                observed_at=night(number),
            )
            batch.record_coverage(
                "repo_fork_approval", subject, status="complete", observed_at=night(number)
            )
            batch.record_request(
                method="GET", path=f"/approval/{subject}", status=200, observed_at=night(number)
            )
            batch.subject_done("repo_fork_approval", subject)
    stage.finish(ended_at=night(number) + timedelta(hours=1))


def _judge(con: duckdb.DuckDBPyConnection, run: Run) -> None:
    con.execute(
        "insert into judgement values (?, ?, ?, ?, '', '', '', '', '', ?)",
        [run.run_id + "-1", run.run_id, run.org, run.ended_at, run.ended_at],
    )


def _is_published(db: Path, number: int) -> bool:
    if not db.exists():
        return False
    with open_inventory(db, read_only=True) as con:
        run = run_of(number).run_id
        return bool(con.execute("from run where run_id = ?", [run]).fetchall())


def everything(db: Path) -> dict[str, list[Any]]:
    """All that the nights left in an inventory, but for the clock times of the publishing."""
    queries = {
        table: f"select * from {table} order by all"
        for table in ("repository", "fork_approval", "coverage", "judgement")
    }
    queries["request"] = (
        "select run_id, method, path, count(*) from request group by all order by all"
    )
    queries["run"] = "select run_id, org, status, ended_at from run order by all"
    with open_inventory(db, read_only=True) as con:
        return {table: con.execute(query).fetchall() for table, query in queries.items()}


def nights_with_kills(
    db: Path, *, kills: int, seed: int, longest: float = 0.5
) -> Iterator[tuple[int, int]]:
    """Run night after night until so many were killed; yield (night, kills so far) as they finish."""
    chance = random.Random(seed)
    killed = number = 0
    while killed < kills:
        child = _start(db, number)
        try:
            child.wait(timeout=chance.uniform(0, longest))
        except subprocess.TimeoutExpired:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            killed += 1
            continue
        if child.returncode != 0:
            raise AssertionError(f"night {number} failed after {killed} kills")
        number += 1
        yield number, killed
    crawl_one_night(db, number)
    yield number + 1, killed


def _start(db: Path, number: int) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.collector.kills", "--night", str(number), "--db", str(db)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child.stdout:
        # Kills while Python starts would tell nothing.
        child.stdout.readline()
    return child


def main() -> None:
    """Be the child that is killed, or the parent that kills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--night", type=int)
    parser.add_argument("--db", type=Path)
    options = parser.parse_args()
    if options.night is not None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        crawl_one_night(options.db, options.night)
        return
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        nights = 0
        for nights, killed in nights_with_kills(
            Path(folder) / "killed.duckdb", kills=options.kills, seed=options.seed
        ):
            sys.stdout.write(f"{nights} nights, {killed} kills\n")
        quiet = Path(folder) / "quiet.duckdb"
        for number in range(nights):
            crawl_one_night(quiet, number)
        same = everything(quiet) == everything(Path(folder) / "killed.duckdb")
        sys.stdout.write(f"equal: {same}, {time.monotonic() - started:.0f} s\n")
        sys.exit(not same)


if __name__ == "__main__":
    main()
