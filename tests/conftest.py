"""No test reaches beyond this machine, waits for a clock, or depends on the order of the browser's."""

import os
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no bug, and a change lands or not by what it is, not by chance.
settings.register_profile(
    "here",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("here")


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection but to the loopback."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if not _is_here(address):
            raise OSError(f"a test tried to reach {address!r}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests last: while Playwright lives, its event loop is the process's own.

    Those that keep a browser for all their tests come after those that close their own.
    """
    items.sort(key=_browser_rank)


def _browser_rank(item: pytest.Item) -> int:
    if item.get_closest_marker("browser") is None:
        return 0
    return 2 if item.path.parent.name == "browser" else 1
