"""A desk to run commands at, and a served organization; nothing may ever have been written to GitHub."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.fake_github import FakeGitHub
from tests.pkginventory.tools import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fake_github import World


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    """Give a folder of one's own; the process's file mode mask is put back afterwards."""
    mask = os.umask(0o022)
    made = Desk(tmp_path, monkeypatch, capsys)
    made.sit_down()
    yield made
    os.umask(mask)


@pytest.fixture
def serve() -> Iterator[Callable[[World], FakeGitHub]]:
    """Serve worlds until the test ends; every request must have been a read."""
    with ExitStack() as stack:
        servers: list[FakeGitHub] = []

        def begin(world: World) -> FakeGitHub:
            server = stack.enter_context(FakeGitHub(world))
            servers.append(server)
            return server

        yield begin
        assert [line for server in servers for line in server.violations] == []
