"""--enterprise: every organization that the token is shown, each with its own credential."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fake_github import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_github import FakeGitHub
    from tests.pkginventory.tools import Desk

    Serve = Callable[[World], FakeGitHub]

SCOPES = ("admin:org", "read:packages", "repo", "read:enterprise")


def world(*organizations: str) -> World:
    """An enterprise with small organizations."""
    made = World(edition="ghec", enterprise="acme-corp")
    for name in organizations:
        organization = made.org(name)
        organization.repo("shop", visibility="private")
        organization.package("container", f"{name}-image", visibility="private", repository="shop")
    return made


def enterprise_owner(server: FakeGitHub) -> None:
    """Let the owner's token see the enterprise."""
    owner = server.vault.by_profile["owner"]
    server.vault.add(replace(owner, scopes=SCOPES))


def test_every_organization_of_the_enterprise_is_collected(desk: Desk, serve: Serve) -> None:
    server = serve(world("acme", "bolt"))
    enterprise_owner(server)

    ran = desk.at(server).run("collect", "--enterprise", "acme-corp", "--api-url", server.url)

    assert ran.code == 0
    assert desk.query("select org, name from packages order by all") == [
        ("acme", "acme-image"),
        ("bolt", "bolt-image"),
    ]


def test_a_named_organization_is_collected_once(desk: Desk, serve: Serve) -> None:
    server = serve(world("acme"))
    enterprise_owner(server)

    desk.at(server).run(
        "collect", "--org", "ACME", "--enterprise", "acme-corp", "--api-url", server.url
    )

    assert desk.query("select count(*) from run") == [(1,)]


def test_a_hundred_organizations_and_more_are_listed_page_by_page(desk: Desk, serve: Serve) -> None:
    names = [f"org-{number:03}" for number in range(230)]
    server = serve(world(*names))
    enterprise_owner(server)

    # Nothing is collected: the plan of each is what is printed.
    ran = desk.at(server).run(
        "collect",
        "--dry-run",
        "--enterprise",
        "acme-corp",
        "--api-url",
        server.url,
        "--max-requests",
        "3",
    )

    assert server.count("/graphql") == 3
    assert ran.err


def test_a_token_without_the_scope_is_told_which_one_it_needs(desk: Desk, serve: Serve) -> None:
    server = serve(world("acme"))

    ran = desk.at(server).run("collect", "--enterprise", "acme-corp", "--api-url", server.url)

    assert ran.code == 3
    assert "read:enterprise" in ran.err
    assert not desk.db.exists()


def test_an_enterprise_that_is_not_there_is_no_empty_one(desk: Desk, serve: Serve) -> None:
    server = serve(world("acme"))
    enterprise_owner(server)

    ran = desk.at(server).run("collect", "--enterprise", "other", "--api-url", server.url)

    assert ran.code == 3
    assert "other" in ran.err


def test_each_organization_is_read_with_its_own_credential(desk: Desk, serve: Serve) -> None:
    server = serve(world("acme", "bolt"))
    (desk.folder / "bolt.token").write_text(server.token("oauth"))
    desk.monkeypatch.setenv("ACME_TOKEN", server.token("owner"))
    (desk.folder / "pkginventory.toml").write_text(
        f"org = ['acme', 'bolt']\napi_url = '{server.url}'\n"
        "[credentials.acme]\ntoken_env = 'ACME_TOKEN'\n"
        "[credentials.bolt]\ntoken_file = 'bolt.token'\n"
    )

    assert desk.run("collect").code == 0

    asked = {
        one.path.split("/")[2]: one.profile
        for one in server.requests
        if one.path.startswith("/orgs/")
    }
    assert asked == {"acme": "owner", "bolt": "oauth"}
    kinds = {
        org: json.loads(credentials)[0]["kind"]
        for org, credentials in desk.query("select org, credentials::varchar from run")
    }
    assert kinds == {"acme": "classic personal access token", "bolt": "OAuth app token"}
