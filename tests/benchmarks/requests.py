"""Count requests: a cold and a warm night over a made-up organization, endpoint family by endpoint family.

python -m tests.benchmarks.requests --repositories 300 --packages 400
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from pkginventory.cli import main as pkginventory
from tests.fake_github import FakeGitHub, Limits, truth_of
from tests.fake_github.worlds import big, push_some

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.fake_github import World
    from tests.fake_github.server import Recorded

# Six types, public and private; internal too for the four granular ones.
_SWEEPS = 16
_NEVER_INTERNAL = ("maven", "docker")
_SECONDS, _FEWEST = "seconds, all in all", "fewest requests for package lists"
_FIGURES = (_SECONDS, _FEWEST)

_FAMILIES = (
    ("package lists", r"/orgs/[^/]+/packages"),
    ("single packages", r"/orgs/[^/]+/packages/[^/]+/[^/]+"),
    ("package versions", r"/orgs/[^/]+/packages/[^/]+/[^/]+/versions.*"),
    ("repository list", r"/orgs/[^/]+/repos"),
    ("GraphQL (trees)", r"/graphql"),
    ("blobs", r"/repos/[^/]+/[^/]+/git/blobs/.*"),
    ("trees and contents", r"/repos/[^/]+/[^/]+/(git/trees|contents).*"),
    ("Actions settings of repositories", r"/repos/[^/]+/[^/]+/actions/permissions.*"),
    ("secrets and variables of repositories", r"/repos/.*(secrets|variables|environments).*"),
    ("workflow runs", r"/repos/[^/]+/[^/]+/actions/.*runs.*"),
    ("attestations", r".*/attestations.*"),
    ("other repository requests", r"/repos/.*"),
    ("organization", r"/orgs/.*|/user.*|/rate_limit|/meta"),
)


def by_family(requests: Iterable[Recorded]) -> Counter[str]:
    """Count requests by the first family whose pattern is the whole path."""
    return Counter(
        next((name for name, shape in _FAMILIES if re.fullmatch(shape, request.path)), "other")
        for request in requests
    )


def fewest_for_packages(world: World) -> int:
    """Return what the package lists must cost: every page of 100, and an empty page a sweep."""
    lists = Counter(
        (kind, "private" if kind in _NEVER_INTERNAL and visibility == "internal" else visibility)
        for (kind, _), visibility in truth_of(world).packages.items()
    )
    return _SWEEPS + sum(-(-count // 100) for count in lists.values())


def measure(
    folder: Path, *, repositories: int, packages: int, pushed: float = 0.03
) -> dict[str, Counter[str]]:
    """Run a cold and a warm night and return the requests of each."""
    world = big(repositories=repositories, packages=packages)
    nights: dict[str, Counter[str]] = {}
    with FakeGitHub(world, limits=Limits(enabled=False)) as server:
        os.environ["PKGINVENTORY_TOKEN"] = server.token()
        where = ["--api-url", server.url, "--db", str(folder / "i.duckdb")]
        for night in ("cold", "warm"):
            server.forget()
            began = time.monotonic()
            if pkginventory(["collect", "--org", "acme", *where]):
                raise SystemExit(1)
            nights[night] = by_family(server.requests)
            nights[night][_SECONDS] = round(time.monotonic() - began)
            nights[night][_FEWEST] = fewest_for_packages(world)
            push_some(world, share=pushed)
    return nights


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repositories", type=int, default=300)
    parser.add_argument("--packages", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        nights = measure(Path(folder), repositories=options.repositories, packages=options.packages)
    cold, warm = nights["cold"], nights["warm"]
    for name in sorted(cold | warm, key=lambda name: (name in _FIGURES, -cold[name])):
        print(f"{name:<40} {cold[name]:>7,} {warm[name]:>7,}")
    for night, counts in nights.items():
        total = counts.total() - sum(counts[name] for name in _FIGURES)
        ratio = counts["package lists"] / counts[_FEWEST]
        print(
            f"{night}: {total:,} requests, {total / options.repositories:.2f} a repository;"
            f" package lists {ratio:.2f} times the fewest possible"
        )


if __name__ == "__main__":
    main()
