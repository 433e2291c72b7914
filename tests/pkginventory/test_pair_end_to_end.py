"""The recommended pair: a token for packages alone, and an App's installation for the rest."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fake_github import truth_of
from tests.fake_github.credentials import APP_PERMISSIONS
from tests.fake_github.vault import Vault
from tests.fake_github.worlds import small

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_github import FakeGitHub, World
    from tests.pkginventory.tools import Desk

    Serve = Callable[[World], FakeGitHub]


@cache
def pem() -> bytes:
    """Make an App's private key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def pair(desk: Desk, serve: Serve) -> FakeGitHub:
    """Install the App, and lay token and key where the settings name them."""
    world = small()
    if not world["acme"].installations:
        world["acme"].installation("reader", permissions=APP_PERMISSIONS)
    server = serve(world)
    key = desk.folder / "app.pem"
    key.write_bytes(pem())
    key.chmod(0o600)
    desk.at(server, "packages_only")
    desk.monkeypatch.setenv("PKGINVENTORY_APP_ID", "7")
    desk.monkeypatch.setenv("PKGINVENTORY_APP_KEY_FILE", "app.pem")
    return server


def test_each_of_the_pair_reads_what_it_may_and_the_inventory_is_whole(
    desk: Desk, serve: Serve
) -> None:
    server = pair(desk, serve)
    ran = desk.report()

    truth = truth_of(small())
    found = desk.query("select package_type, name, visibility from packages")
    assert (ran.code, desk.coverage()["complete"]) == (0, True)
    assert {(kind, name): visibility for kind, name, visibility in found} == truth.packages
    assert dict(desk.query("select repository, visibility from repositories")) == truth.repositories
    asked = {one.path: one.profile for one in server.requests if one.path.startswith("/orgs/acme/")}
    assert asked["/orgs/acme/packages"] == "packages_only"
    assert asked["/orgs/acme/repos"].startswith("installation")
    names = desk.query(
        "select distinct credential from request where family in ('packages', 'repositories')"
    )
    assert len(names) == 2
    ((credentials,),) = desk.query("select credentials::varchar from run")
    roles = {item["kind"]: item["role"] for item in json.loads(credentials)}
    assert roles["classic personal access token"] == "admin"


def test_a_token_is_renewed_in_the_middle_of_a_run_and_nothing_is_missing(
    desk: Desk, serve: Serve
) -> None:
    server = pair(desk, serve)
    issue = Vault.issue

    def said_to_be_short(vault: Vault, *of: Any, now: float) -> tuple[Any, float]:
        """Say of a token that lives for an hour that its end has come."""
        return issue(vault, *of, now=now)[0], now - 10

    desk.monkeypatch.setattr(Vault, "issue", said_to_be_short)
    desk.monkeypatch.setattr("collector.github.app._SHORTEST_LIFETIME", 0.01)
    ran = desk.report()

    assert ran.code == 0
    assert len(server.vault.issued) > 1
    assert desk.coverage()["complete"] is True
    used = {one.profile for one in server.requests if one.profile.startswith("installation")}
    assert len(used) > 1


def test_no_token_that_github_issued_is_written_anywhere(desk: Desk, serve: Serve) -> None:
    server = pair(desk, serve)
    desk.report()

    written = b"".join(file.read_bytes() for file in desk.folder.rglob("*") if file.is_file())
    for token in (*server.vault.issued, server.token("packages_only")):
        assert token.encode() not in written
        assert token not in "".join(desk.printed)
