"""What only some organizations can offer, refused: the same packages, unknown with a reason, and no new pass."""

from pathlib import Path
from typing import Any

import pytest

from collector.store import open_inventory
from reports.catalog import shipped_rules
from tests.collector.walk.tools import Nights
from tests.fake_github import FakeGitHub, World

OPTIONAL = (
    "/orgs/acme/audit-log*",
    "/orgs/acme/credential-authorizations*",
    "/orgs/acme/attestations/*",
    "/repos/acme/*/actions/workflows/*",
)
BUILD = ".github/workflows/build.yml"
TEXT = """on: push
jobs:
  build:
    runs-on: ubuntu-latest
    permissions: {packages: write}
    steps:
      - uses: docker/login-action@v3
        with: {registry: ghcr.io, username: x, password: "${{ secrets.GITHUB_TOKEN }}"}
      - run: docker push ghcr.io/acme/billing:1
"""
Said = dict[tuple[str, str], tuple[str, str | None]]


def enterprise() -> World:
    """Make an organization with evidence of every optional kind."""
    world = World(edition="ghec", enterprise="acme-corp")
    acme = world.org("acme")
    acme.plan, acme.saml = "enterprise", True
    acme.repo("shop", visibility="public", files={BUILD: TEXT}).repo("vault")
    acme.package("container", "billing", repository="vault")
    acme.package("container", "ledger", repository="vault")
    acme.package("container", "attested", repository="vault")
    acme.package("npm", "client", repository="shop").package("maven", "com.acme", repository="shop")
    acme.run("shop", BUILD).attest("container", "attested", repository="shop", workflow=BUILD)
    acme.event(
        "packages.package_version_published",
        actor="github-actions[bot]",
        package="ledger",
        ecosystem="container",
        repo="acme/shop",
    )
    acme.authorize("mel", "12345678", scopes=["write:packages"])
    return world


def judged(folder: Path, *, status: int | None) -> Said:
    """Collect a night and return what every rule says of every subject."""
    world = enterprise()
    for path in OPTIONAL if status is not None else ():
        world.deny(path, status or 0)
    with FakeGitHub(world) as server:
        nights = Nights(server, folder / "inventory.duckdb")
        server.limits.clock = nights.time.stamp
        nights.night()
        assert server.violations == []
    with open_inventory(nights.db, read_only=True) as con:
        rows: list[tuple[Any, ...]] = [
            (rule.id, *row[1:4])
            for rule in shipped_rules()
            for row in con.execute(rule.sql).fetchall()
        ]
    return {(rule, subject): (verdict, code) for rule, subject, verdict, code in rows}


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Said:
    return judged(tmp_path_factory.mktemp("offered"), status=None)


@pytest.fixture(scope="module", params=[403, 404])
def refused(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Said:
    return judged(tmp_path_factory.mktemp("refused"), status=request.param)


def test_with_every_source_the_evidence_is_there(offered: Said) -> None:
    assert {
        name: offered["PKG001", f"container:acme/{name}"][0]
        for name in ("billing", "ledger", "attested")
    } == {"billing": "fail", "ledger": "fail", "attested": "fail"}
    assert offered["PKG017", "container:acme/attested@newest"] == ("pass", None)
    assert offered["PKG017", "container:acme/ledger@newest"] == ("fail", None)


def test_the_same_subjects_are_judged(offered: Said, refused: Said) -> None:
    assert refused.keys() == offered.keys()


def test_nothing_passes_that_did_not_pass_before(offered: Said, refused: Said) -> None:
    passed = {key for key, (verdict, _) in refused.items() if verdict == "pass"}

    assert passed <= {key for key, (verdict, _) in offered.items() if verdict == "pass"}


def test_what_rested_on_them_alone_is_unknown_and_says_why(offered: Said, refused: Said) -> None:
    turned = {key: said for key, said in refused.items() if said != offered[key]}
    attested = {key for key in turned if key[0] == "PKG017"}

    assert {verdict for verdict, _ in turned.values()} == {"unknown"}
    assert turned["PKG001", "container:acme/ledger"] == ("unknown", "no_api")
    assert turned["PKG001", "container:acme/attested"] == ("unknown", "no_api")
    assert {key[1] for key in attested} == {
        f"container:acme/{name}@newest" for name in ("attested", "billing", "ledger")
    }
    assert {turned[key][1] for key in attested} <= {"forbidden_403", "no_api"}
