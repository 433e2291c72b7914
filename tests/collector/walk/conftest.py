"""The fake GitHub and an inventory beside it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.collector.walk.tools import Nights
from tests.fake_github import FakeGitHub, World

Begin = Callable[[World], Nights]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Serve a world and begin an inventory of it; nothing may have been written to GitHub."""
    with ExitStack() as stack:
        servers: list[FakeGitHub] = []

        def serve(world: World) -> Nights:
            server = stack.enter_context(FakeGitHub(world))
            servers.append(server)
            nights = Nights(server, tmp_path / f"inventory-{len(servers)}.duckdb")
            server.limits.clock = nights.time.stamp
            stack.callback(nights.close)
            return nights

        yield serve
        assert all(server.violations == [] for server in servers)
