"""A token's value occurs in no file that is written and on no line that is printed, whatever goes wrong."""

from __future__ import annotations

import gzip
import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.fake_github.worlds import small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fake_github import FakeGitHub, World
    from tests.pkginventory.tools import Desk

    Serve = Callable[[World], FakeGitHub]

PROFILES = [
    "owner",
    "no_packages_scope",
    "saml_partial",
    "fine_grained",
    "app",
]
LITERAL = "ghp_" + "L1teralInAWorkflowFile0123456789abcd"


def spellings(secret: str) -> Iterator[bytes]:
    """Write a secret as it may hide: plain, in base64 at each offset, reversed in a Basic header."""
    plain = secret.encode()
    yield plain
    for offset in range(3):
        # What does not depend on what stands before and after it.
        yield b64encode(b"x" * offset + plain)[4 if offset else 0 : -4]
    yield secret.encode("utf-16-le")


def texts_of(desk: Desk) -> Iterator[tuple[str, bytes]]:
    """Yield everything written and printed; what is packed in it, unpacked too."""
    for number, printed in enumerate(desk.printed):
        yield f"printed by command {number}", printed.encode()
    for path in desk.folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield str(path), data
        if ".duckdb" in path.name and path.suffix == ".duckdb":
            yield from _rows(path.name, str(path))
        for packed in re.findall(rb"H4sI[A-Za-z0-9+/=]{40,}", data):
            yield f"packed in {path.name}", gzip.decompress(b64decode(packed))


def _rows(name: str, path: str) -> Iterator[tuple[str, bytes]]:
    """Read every row of every table: DuckDB compresses what it writes."""
    with duckdb.connect(path, read_only=True) as con:
        for (table,) in con.execute("select table_name from duckdb_tables()").fetchall():
            rows = con.execute(f'from "{table}"').fetchall()
            blobs = b"".join(cell for row in rows for cell in row if isinstance(cell, bytes))
            yield f"{name}: {table}", repr(rows).encode() + blobs


def assert_untraced(desk: Desk, *secrets: str) -> None:
    """Fail where a secret is found."""
    hidden = [spelling for secret in secrets for spelling in spellings(secret)]
    searched = 0
    for where, data in texts_of(desk):
        searched += 1
        for spelling in hidden:
            assert spelling not in data, where
    assert searched > 1


@pytest.mark.parametrize("profile", PROFILES)
def test_no_profile_leaves_a_trace(desk: Desk, serve: Serve, profile: str) -> None:
    world = small()
    world["acme"].repository("shop").commit(
        {
            ".github/workflows/literal.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
            f"      - run: echo {LITERAL} | docker login ghcr.io -u x --password-stdin\n"
        },
        at=1_790_000_000,
    )
    server = serve(world)
    desk.at(server, profile)

    desk.report("--record", str(desk.folder / "cassette"), "--log-level", "debug")
    desk.ask("doctor", "--json")
    desk.run(
        "export", "--org", "acme", "--format", "jsonl", "--out", str(desk.folder / "all.jsonl")
    )

    assert_untraced(desk, server.token(profile), LITERAL)


FAULTS: dict[str, Callable[[FakeGitHub], object]] = {
    "revoked in the middle": lambda server: server.faults.revoke(start=30),
    "unauthorized at once": lambda server: server.faults.status(401),
    "bodies are cut": lambda server: server.faults.broken_body("cut", share=0.1),
    "bodies are corrupt": lambda server: server.faults.broken_body("corrupt", share=0.1),
    "forbidden": lambda server: server.faults.status(403, path="*/repos/*"),
    "not found": lambda server: server.faults.status(404),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_leaves_a_trace(desk: Desk, serve: Serve, fault: str) -> None:
    server = serve(small())
    FAULTS[fault](server)

    ran = desk.at(server).report("--log-level", "debug", "--log-format", "json")

    assert ran.code in {0, 2, 3, 4}
    assert "Traceback" not in ran.printed
    assert_untraced(desk, server.token())


def test_a_server_that_sends_the_token_back_leaves_no_trace(desk: Desk, serve: Serve) -> None:
    """A proxy's error page may quote the request that it refused, and a workflow may hold a token."""
    server = serve(small())
    token = server.token()
    quoted = f"Denied: Authorization: Bearer {token}"
    server.faults.status(403, path="/orgs/acme/actions/*", message=quoted)
    server.faults.status(404, path="/repos/acme/*/actions/*", message=quoted)
    server.world["acme"].repository("shop").commit(
        {".github/workflows/token.yml": f"# {token}\non: push\njobs: {{}}\n"}, at=1_790_000_000
    )

    ran = desk.at(server).report("--log-level", "debug")

    assert ran.code == 0
    assert_untraced(desk, token)


def test_a_token_in_an_address_is_not_printed(desk: Desk) -> None:
    token = "ghp_" + "9" * 36
    desk.monkeypatch.setenv("PKGINVENTORY_TOKEN", token)
    desk.url = f"http://user:{token}@127.0.0.1:9/api"

    ran = desk.report()

    assert ran.code in {2, 3}
    assert token not in ran.printed
