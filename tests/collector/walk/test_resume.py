"""Killed at any moment, a crawl goes on: the same inventory, and nothing stored is asked again."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from collector.stage_files import find_stages
from tests.collector.walk.conftest import Begin
from tests.collector.walk.tools import Nights
from tests.fake_github.worlds import demo

ROOT = Path(__file__).parents[3]
TABLES = {
    "package": "package_id, name, visibility, repository_id",
    "package_connection": "package_id, repository_id",
    "package_version": "package_id, version_id",
    "repository": "repository_id, full_name",
    "workflow_file": "repository_id, path, blob_sha, status",
    "blob": "blob_sha, content",
    "blob_facts": "blob_sha, kind, status",
    "secret": "store, scope, repository_id, environment, name",
    "variable": "scope, repository_id, name, value",
    "team_repository": "team_slug, repository_id, role",
    "coverage": "family, subject, status, reason, seen, expected",
}


def inventory(nights: Nights) -> dict[str, object]:
    """Return everything that must not depend on how often the crawl was killed."""
    found: dict[str, object] = {}
    for table, columns in TABLES.items():
        found[table] = nights.rows(f"select {columns} from {table} order by all")
    return found


def start(nights: Nights) -> subprocess.Popen[bytes]:
    """Begin or go on with a crawl in a process of its own."""
    token = nights.server.token("owner")
    arguments = ["-m", "tests.collector.walk.crawl_process", nights.server.url, token]
    return subprocess.Popen([sys.executable, *arguments, str(nights.db)], cwd=ROOT)


def kill_after(nights: Nights, requests: int) -> bool:
    """Kill a crawl when it has asked so often; tell whether it was still at it."""
    process = start(nights)
    before = len(nights.server.requests)
    while process.poll() is None and len(nights.server.requests) - before < requests:
        time.sleep(0.002)
    running = process.poll() is None
    process.kill()
    process.wait()
    return running


def stored_requests(nights: Nights) -> Counter[str]:
    """Return what the stage holds the answers of; looking into it also replays its log."""
    [file] = find_stages(nights.db, org="acme")
    with duckdb.connect(str(file.path)) as con:
        rows = con.execute("select path from request where method = 'GET'").fetchall()
    return Counter(path for (path,) in rows)


def asked(nights: Nights) -> Counter[str]:
    """Return what was asked since the server forgot."""
    return Counter(r.raw_path for r in nights.server.requests if r.method == "GET")


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again(begin: Begin, seed: int) -> None:
    """The published run equals the run without a kill."""
    whole, killed = begin(demo()), begin(demo())
    whole.night()
    draw = random.Random(seed)
    kills = 0
    while kill_after(killed, draw.randrange(1, 120)):
        kills += 1
        stored = stored_requests(killed)
        killed.server.forget()
        if kills == 6:
            break
    process = start(killed)
    assert process.wait() == 0
    repeated = stored & asked(killed)

    assert kills > 2
    assert repeated == Counter()
    [file] = find_stages(killed.db, org="acme")
    killed.publish(file.path)
    assert inventory(killed) == inventory(whole)


@pytest.mark.slow
def test_fifty_kills(begin: Begin) -> None:
    """At random moments of a crawl; the stage opens after every one."""
    whole, killed = begin(demo()), begin(demo())
    whole.night()
    draw = random.Random(50)
    kills = 0
    while kills < 50 and kill_after(killed, draw.randrange(1, 16)):
        kills += 1
        stored_requests(killed)
    process = start(killed)
    assert process.wait() == 0
    [file] = find_stages(killed.db, org="acme")
    killed.publish(file.path)

    assert inventory(killed) == inventory(whole)
