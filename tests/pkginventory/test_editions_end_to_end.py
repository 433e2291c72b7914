"""GHES and GHE.com end to end, at names of their own: through a proxy, with a private CA."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from tests.fake_github import World
from tests.pkginventory.tools import by_subject
from tests.pkginventory.tunnel import Tunnel, make_certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fake_github import FakeGitHub
    from tests.pkginventory.tools import Desk, Ran

    Serve = Callable[[World], FakeGitHub]

GHES = "ghes.example"
TENANT = "acme.ghe.com"
LOGIN = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/login-action@v3
        with:
          registry: {host}
          username: robot
          password: ${{{{ secrets.REGISTRY_PAT }}}}
      - run: docker push {host}/acme/billing
"""


def world(edition: str, host: str) -> World:
    """An organization with a stored credential at its container registry."""
    made = World(edition=edition, enterprise="acme-corp")
    public = "internal" if edition == "ghe.com" else "public"
    login = LOGIN.format(host=host)
    acme = made.org("acme")
    acme.repo("shop", visibility="private", files={".github/workflows/x.yml": login})
    acme.repo("docs", visibility=public)
    acme.package("container", "billing", visibility="private", repository="shop")
    acme.package("npm", "ui", visibility="private", repository="docs")
    acme.secret("REGISTRY_PAT", visibility="all")
    return made


@contextmanager
def tunnel(desk: Desk, server: FakeGitHub, url: str) -> Iterator[Tunnel]:
    """Reach a server by a name of its own, through a proxy."""
    file = make_certificate(desk.folder / "ca.pem", GHES, f"api.{TENANT}")
    with ExitStack() as stack:
        proxy = stack.enter_context(Tunnel(file, port=server.port))
        desk.monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        desk.at(server).url = url
        yield proxy


def collected(desk: Desk) -> Ran:
    """Report, trusting the private CA."""
    return desk.report("--ca-file", str(desk.folder / "ca.pem"))


def test_ghes_is_asked_at_its_own_paths_and_its_kinds_are_repository_scoped(
    desk: Desk, serve: Serve
) -> None:
    server = serve(world("ghes", f"containers.{GHES}"))
    server.limits.enabled = False
    with tunnel(desk, server, f"https://{GHES}/api/v3") as proxy:
        ran = collected(desk)

    assert (ran.code, set(proxy.asked)) == (0, {f"{GHES}:443"})
    assert {one.path for one in server.requests if one.method == "POST"} == {"/api/graphql"}
    assert desk.query("select edition, web_url from run") == [("ghes", f"https://{GHES}")]
    assert dict(desk.query("select name, registry_kind from packages")) == {
        "billing": "granular",
        "ui": "repository_scoped",
    }
    assert desk.query("select count(*) from coverage_now where family = 'packages'") == [(13,)]
    assert (f"https://{GHES}/orgs/acme/packages/container/billing/settings",) in desk.query(
        "select settings_url from packages"
    )


def test_a_login_at_the_servers_own_registry_is_found(desk: Desk, serve: Serve) -> None:
    server = serve(world("ghes", f"containers.{GHES}"))
    with tunnel(desk, server, f"https://{GHES}/api/v3"):
        collected(desk)

    assert desk.query("select registry, host, credential from registry_logins") == [
        ("container", f"containers.{GHES}", "pat")
    ]
    assert list(by_subject(desk.verdicts(), "PKG002").values()) == ["fail"]


def test_ghe_com_has_no_public_repositories_and_no_maven(desk: Desk, serve: Serve) -> None:
    server = serve(world("ghe.com", f"containers.{TENANT}"))
    with tunnel(desk, server, f"https://api.{TENANT}"):
        ran = collected(desk)

    verdicts = desk.verdicts()
    assert ran.code == 0
    assert desk.query("select edition, web_url from run") == [("ghe.com", f"https://{TENANT}")]
    assert by_subject(verdicts, "PKG002").popitem()[1] == "fail"
    assert set(by_subject(verdicts, "PKG014").values()) <= {"not_applicable", "pass"}
    assert desk.query(
        "select distinct kind from registry_kinds"
        " where edition = 'ghe.com' and package_type = 'maven'"
    ) == [("unavailable",)]


def test_a_private_ca_that_was_not_named_is_said_with_what_to_do(desk: Desk, serve: Serve) -> None:
    server = serve(world("ghes", f"containers.{GHES}"))
    with tunnel(desk, server, f"https://{GHES}/api/v3"):
        ran = desk.report()

    assert ran.code == 3
    assert "certificate" in ran.err
    assert server.requests == []


def test_rest_alone_gives_the_same_rows_on_ghes(desk: Desk, serve: Serve) -> None:
    server = serve(world("ghes", f"containers.{GHES}"))
    with tunnel(desk, server, f"https://{GHES}/api/v3"):
        desk.report("--ca-file", str(desk.folder / "ca.pem"), "--no-graphql")

    rows = desk.query("select repository, path, status from workflow_files")
    assert rows == [("acme/shop", ".github/workflows/x.yml", "read")]
    assert server.count("/api/graphql") == 0
