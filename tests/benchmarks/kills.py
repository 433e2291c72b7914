"""Kill `pkginventory report` at random moments, over and over, and see that nothing is lost, double or untrue.

python -m tests.benchmarks.kills --kills 50

A round begins with no inventory and goes on until one process comes to its end. Then its report
has to equal that of a run nobody disturbed, and no page that a killed process had stored may have
been asked for again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from collector.store import open_inventory
from tests.fake_github import FakeGitHub
from tests.fake_github.worlds import small

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
# Asked once by every process, before it knows what is stored: whose token it is.
EVERY_TIME = frozenset({"/user"})
_FACTS = {
    "package": "package_type, name, visibility, repository_id",
    "package_connection": "package_id, repository_full_name",
    "repository": "full_name, visibility, default_branch",
    "workflow_file": "repository_id, path, blob_sha, status",
    "registry_login": "repository_id, path, job, form, registry, credential_name, ordinal",
    "secret": "store, scope, name, visibility",
    "coverage": "family, subject, status, reason, seen, expected",
}


@dataclass(slots=True)
class Tally:
    """What the kills showed."""

    kills: int = 0
    rounds: int = 0
    crawling: int = 0
    # Kills that found a crawl to go on with; the others came before it or while publishing.
    asked_again: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Round:
    """One inventory, and the processes that die over it."""

    server: FakeGitHub
    folder: Path
    options: tuple[str, ...] = ()

    @property
    def db(self) -> Path:
        return self.folder / "inventory.duckdb"

    def start(self) -> subprocess.Popen[bytes]:
        """Begin a report in a process of its own."""
        command = [sys.executable, "-m", "pkginventory", "report", "--org", "acme"]
        command += ["--api-url", self.server.url, "--db", str(self.db)]
        command += ["--out", str(self.folder / "out"), *self.options]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
        environment = kept | {"PKGINVENTORY_TOKEN": self.server.token(), "NO_PROXY": "127.0.0.1"}
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def finish(self) -> float:
        """Let one process come to its end; return its seconds."""
        began = time.monotonic()
        process = self.start()
        _, said = process.communicate()
        if process.returncode:
            raise AssertionError(f"exit code {process.returncode}: {said.decode()}")
        return time.monotonic() - began

    def killed_after(self, seconds: float) -> bool:
        """Kill a process after so long; tell whether it was still at work."""
        process = self.start()
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return True
        if process.returncode:
            raise AssertionError(f"exit code {process.returncode}")
        return False

    def stored(self) -> set[str]:
        """Return the addresses whose answers the unfinished crawl has stored with a checkpoint."""
        if self.db.exists():
            with open_inventory(self.db, read_only=True) as con:
                con.execute("from current_run").fetchall()
        found: set[str] = set()
        for stage in self.folder.glob("inventory.duckdb-stages/*.duckdb"):
            copy = self.folder / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            copy.mkdir()
            # Opening replays the write-ahead log: on a copy, so that nothing is mended here.
            for part in stage.parent.glob(f"{stage.name}*"):
                shutil.copyfile(part, copy / part.name)
            with duckdb.connect(str(copy / stage.name)) as con:
                found |= {row[0] for row in con.execute("select path from request").fetchall()}
        return found

    def result(self) -> dict[str, Any]:
        """Return all that a run leaves behind, but for its name and its times."""
        lines = (self.folder / "out" / "verdicts.jsonl").read_text().splitlines()
        own = {"run_id", "first_seen", "hops"}
        verdicts = [
            {key: value for key, value in json.loads(line).items() if key not in own}
            for line in lines
        ]
        with open_inventory(self.db, read_only=True) as con:
            facts = {
                table: con.execute(f"select {columns} from {table} order by all").fetchall()
                for table, columns in _FACTS.items()
            }
            runs = con.execute("select status, warnings::varchar from run").fetchall()
        return {"verdicts": verdicts, "runs": runs, **facts}


def kill_over_and_over(
    folder: Path, *, kills: int, seed: int, latency: float = 0.01
) -> Iterator[tuple[Tally, Round]]:
    """Kill so many processes; yield at the end of each round. Raises AssertionError on any trace."""
    chance, tally = random.Random(seed), Tally()
    with FakeGitHub(small(), latency=latency) as server:
        quiet = Round(server, _made(folder / "quiet"))
        longest = quiet.finish()
        expected = quiet.result()
        while tally.kills < kills:
            options = ("--no-graphql",) if tally.rounds % 2 else ()
            one = Round(server, _made(folder / f"round-{tally.rounds}"), options)
            _one_round(one, tally, kills=kills, chance=chance, longest=longest)
            tally.rounds += 1
            if one.result() != expected:
                raise AssertionError(_difference(expected, one.result()))
            if server.violations:
                raise AssertionError(server.violations)
            yield tally, one


def _one_round(
    one: Round, tally: Tally, *, kills: int, chance: random.Random, longest: float
) -> None:
    server, stored = one.server, set[str]()
    while True:
        server.forget()
        if tally.kills >= kills:
            one.finish()
            running = False
        else:
            # Importing takes the first part of a process; a kill there shows little.
            running = one.killed_after(chance.uniform(0.25, 1.0) * longest)
        asked = Counter(_address(request) for request in list(server.requests))
        tally.asked_again += sorted(stored & set(asked))
        if not running:
            return
        tally.kills += 1
        stored = one.stored()
        tally.crawling += bool(stored)
        stored -= {path for path in stored if path in EVERY_TIME or path == "/graphql"}


def _address(request: Any) -> str:
    return f"{request.raw_path}?{request.query}" if request.query else str(request.raw_path)


def _difference(expected: dict[str, Any], found: dict[str, Any]) -> str:
    parts = [
        f"{name}: missing {[x for x in expected[name] if x not in found[name]][:5]},"
        f" too much {[x for x in found[name] if x not in expected[name]][:5]}"
        for name in expected
        if expected[name] != found[name]
    ]
    return "\n".join(parts)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    """Kill, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for tally, _ in kill_over_and_over(Path(folder), kills=options.kills, seed=options.seed):
            print(
                f"{tally.kills} kills, {tally.crawling} of them in a crawl, {tally.rounds} rounds,"
                f" asked again {tally.asked_again}, {time.monotonic() - began:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
