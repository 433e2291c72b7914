"""What nights cost: requests, peak memory, and our own time beside a bare loop of the same requests.

python -m tests.benchmarks.crawl --repositories 10000 --packages 5000 --latency 40
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import httpx

from pkginventory.cli import main as pkginventory
from tests.fake_github import FakeGitHub, Limits
from tests.fake_github.worlds import big, push_some

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

# What the aims count: lists, trees and texts. The rest is on demand, spread over nights.
_CORE = frozenset(
    {
        "organization",
        "packages",
        "package_details",
        "repositories",
        "workflow_trees",
        "blobs",
        "references",
    }
)
_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process used."""

    wall: float
    cpu: float
    peak_mb: float


def a_day_after(clock: Callable[[], float]) -> Callable[[], float]:
    """Return a clock that is a day ahead of another."""
    return lambda: clock() + 86_400.0


def serve(
    asked: Connection, *, repositories: int, packages: int, latency: float, per_hour: int
) -> None:
    """Serve a big organization in a process of its own; each message lets a night pass."""
    world = big(repositories=repositories, packages=packages)
    limits = Limits(core=per_hour, graphql=5_000, per_minute=900)
    with FakeGitHub(world, limits=limits, latency=latency / 1000) as server:
        asked.send((server.url, server.token()))
        while (share := asked.recv()) is not None:
            push_some(world, share=share)
            # A night later every budget is whole again.
            limits.clock = a_day_after(limits.clock)
            asked.send(server.most_in_flight)


def run(function: object, *values: object) -> Spent:
    """Call something in a process of its own and say what that process used."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(int(bool(function(*values))))  # type: ignore[operator]
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"the night ended with {os.waitstatus_to_exitcode(status)}")
    return Spent(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def night(*words: str) -> int:
    """Collect once."""
    return pkginventory(["collect", "--org", "acme", *words])


def bare_loop(url: str, token: str, asked: list[tuple[str, str]]) -> int:
    """Send the same GETs again with nothing around them, as many at once as we do."""

    async def go() -> None:
        waiting = iter(asked)
        headers = {"authorization": f"Bearer {token}", "accept": "application/vnd.github+json"}
        async with httpx.AsyncClient(headers=headers, timeout=60) as client:

            async def worker() -> None:
                for _method, path in waiting:
                    (await client.get(url + path)).json()

            await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))

    asyncio.run(go())
    return 0


def asked_in(db: Path) -> tuple[list[tuple[str, str]], Counter[str]]:
    """Return what the newest run asked: each request, and how many of each family."""
    with duckdb.connect(str(db), read_only=True) as con:
        rows = con.execute(
            "select method, path, coalesce(family, 'identity'), status from request"
            " join current_run using (run_id) order by seq"
        ).fetchall()
    families = Counter(family for _, _, family, _ in rows)
    families["not modified"] = sum(status == 304 for *_, status in rows)
    return [(method, path) for method, path, _, _ in rows], families


def plain_rest(db: Path) -> int:
    """Count what a loop over every repository and file would ask, lists aside."""
    with duckdb.connect(str(db), read_only=True) as con:
        found = con.execute(
            "select (select count(*) from repositories) + (select count(*) from workflow_files)"
            " + (select count(*) from packages)"
        ).fetchone()
    return int(found[0]) if found else 0


def tell(name: str, spent: Spent, families: Counter[str]) -> int:
    """Print one night; return the requests that the aims count."""
    core = sum(number for family, number in families.items() if family in _CORE)
    total = families.total() - families["not modified"]
    out = sys.stdout.write
    out(f"{name}: {core:,} core requests, {total:,} in all, {families['not modified']:,} of them")
    out(f" not modified; {spent.wall:.0f} s, {spent.cpu:.0f} s of CPU, {spent.peak_mb:.0f} MB\n")
    for family, number in families.most_common():
        out(f"    {family:<32} {number:>7,}\n")
    sys.stdout.flush()
    return core


def main() -> None:
    """Run the nights and print what they cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repositories", type=int, default=10_000)
    parser.add_argument("--packages", type=int, default=5_000)
    parser.add_argument("--latency", type=float, default=40.0, help="milliseconds")
    parser.add_argument("--pushed", type=float, default=0.02, help="share, between two nights")
    parser.add_argument("--nights", type=int, default=2)
    parser.add_argument("--settings-budget", default="0", help="of each night")
    parser.add_argument("--requests-an-hour", type=int, default=5_000)
    parser.add_argument("--no-loop", action="store_true", help="leave the bare loop out")
    said = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    server = spawn.Process(
        target=serve,
        args=(theirs,),
        kwargs={
            "repositories": said.repositories,
            "packages": said.packages,
            "latency": said.latency,
            "per_hour": said.requests_an_hour,
        },
        daemon=True,
    )
    server.start()
    url, token = ours.recv()
    os.environ.update(PKGINVENTORY_TOKEN=token, NO_PROXY="127.0.0.1")
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "i.duckdb"
        words = ("--api-url", url, "--db", str(db), "--settings-budget", said.settings_budget)
        for number in range(said.nights):
            spent = run(night, *words)
            asked, families = asked_in(db)
            core = tell("cold" if number == 0 else f"night {number + 1}", spent, families)
            if number == 0:
                plain = plain_rest(db)
                sys.stdout.write(f"a plain REST loop: {plain:,}, {plain / core:.1f} times\n")
                gets = [
                    one for one in asked if one[0] == "GET" and not re.match(r"/rate_l", one[1])
                ]
                if not said.no_loop:
                    loop = run(bare_loop, url, token, gets)
                    sys.stdout.write(
                        f"a bare loop of its {len(gets):,} GETs: {loop.wall:.0f} s,"
                        f" {loop.cpu:.0f} s of CPU\n"
                    )
            ours.send(said.pushed)
            ours.recv()
    ours.send(None)
    server.join(10)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"(this process: {own:.0f} MB)\n")


if __name__ == "__main__":
    main()
