"""Successful runs and attestations, asked for on demand."""

import json

import pytest

from collector.walk.context import Options
from tests.collector.walk.conftest import Begin
from tests.collector.walk.tools import aged
from tests.fake_github import World

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
OTHER = "on: push\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"


def world_with_a_run(*, event: str = "push", conclusion: str = "success") -> World:
    world = World()
    acme = world.org("acme")
    acme.repo("shop", visibility="public", files={BUILD: TEXT, ".github/workflows/t.yml": OTHER})
    acme.package("container", "billing").package("npm", "client")
    acme.run("shop", BUILD, event=event, conclusion=conclusion)
    return world


def test_a_workflow_that_names_no_package_is_not_asked_for(begin: Begin) -> None:
    world = world_with_a_run()
    seen = begin(world).once()
    shop = world["acme"].repository("shop").id

    assert set(seen.coverage("workflow_runs")) == {f"{shop}/{BUILD}"}


@pytest.mark.parametrize(
    ("event", "conclusion"),
    [("pull_request", "success"), ("pull_request_target", "success"), ("push", "failure")],
)
def test_a_run_of_a_pull_request_and_one_that_failed_show_nothing(
    begin: Begin, event: str, conclusion: str
) -> None:
    seen = begin(world_with_a_run(event=event, conclusion=conclusion)).once()

    assert seen.rows("workflow_run", "path") == []
    assert [status for status, _ in seen.coverage("workflow_runs").values()] == ["complete"]


def test_a_successful_run_is_evidence_that_its_repository_may_push(begin: Begin) -> None:
    nights = begin(world_with_a_run())
    nights.night()

    assert nights.rows(
        "select role, level, polarity from access_evidence where kind = 'workflow_run'"
    ) == [("write", "implied", "grants")]


def test_without_a_private_package_no_run_is_asked_for(begin: Begin) -> None:
    world = world_with_a_run()
    for package in world["acme"].packages.values():
        package.visibility = "public"
    seen = begin(world).once()

    assert seen.coverage("workflow_runs") == {}


def test_runs_that_are_refused_are_denied_and_end_nothing(begin: Begin) -> None:
    world = world_with_a_run()
    world.deny("/repos/acme/shop/actions/workflows/*", 403)
    seen = begin(world).once()

    assert list(seen.coverage("workflow_runs").values()) == [("denied", "forbidden_403")]


def test_a_digest_is_asked_for_once_a_container_and_not_again_the_next_night(begin: Begin) -> None:
    world = world_with_a_run()
    world["acme"].attest("container", "billing", repository="shop", workflow=BUILD)
    nights = begin(world)
    nights.night()
    assert nights.server.count("/orgs/acme/attestations/") == 1
    assert nights.rows("select workflow_path, predicate_type from attestation") == [
        (BUILD, "https://slsa.dev/provenance/v1")
    ]

    nights.server.forget()
    nights.night()
    assert nights.server.count("/orgs/acme/attestations/") == 0
    aged(nights, 20)
    nights.night()
    assert nights.server.count("/orgs/acme/attestations/") == 1
    assert nights.rows("select count(*) from attestation where valid_to_run is null") == [(1,)]


def test_a_new_version_takes_the_attestations_of_the_old_one_away(begin: Begin) -> None:
    world = world_with_a_run()
    acme = world["acme"]
    acme.attest("container", "billing", repository="shop", workflow=BUILD)
    nights = begin(world)
    nights.night()
    package = acme.find_package("container", "billing")
    package.versions[0].name = "sha256:" + "e" * 64
    nights.night(options=Options(full=True))

    assert nights.rows("select count(*) from attestation where valid_to_run is null") == [(0,)]
    assert list(nights.coverage("attestations")) == [f"{package.id}/sha256:{'e' * 64}"]


def test_after_a_few_refusals_the_rest_is_not_asked_for(begin: Begin) -> None:
    world = World()
    acme = world.org("acme").repo("shop")
    for number in range(40):
        acme.package("container", f"image-{number}")
    world.deny("/orgs/acme/attestations*", 403)
    nights = begin(world)
    seen = nights.once()

    assert len(seen.coverage("attestations")) == 40
    assert 5 <= nights.server.count("/orgs/acme/attestations/") < 20
    assert "complete" not in json.dumps(seen.coverage("attestations"))


def test_what_the_budget_left_is_said(begin: Begin) -> None:
    seen = begin(world_with_a_run()).once(options=Options(settings_budget=0))

    assert set(seen.coverage("workflow_runs").values()) == {("not_collected", "not_collected")}
