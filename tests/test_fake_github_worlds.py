"""The ready-made worlds are what they say, the same every time, and cheap."""

from collections.abc import Iterator

import pytest

from tests.fake_github import FakeGitHub, truth_of
from tests.fake_github.asking import get
from tests.fake_github.http import Request
from tests.fake_github.worlds import WORLDS, big, demo, push_some, small


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(small()) as server:
        yield server


@pytest.mark.parametrize("name", sorted(set(WORLDS) - {"big"}))
def test_a_world_is_the_same_twice(name: str) -> None:
    assert truth_of(WORLDS[name]()) == truth_of(WORLDS[name]())


@pytest.mark.parametrize("name", sorted(set(WORLDS) - {"big"}))
def test_pat_logins_name_files_that_exist(name: str) -> None:
    world = WORLDS[name]()
    for repository, path, _secret in truth_of(world).pat_logins:
        head = world["acme"].repository(repository.removeprefix("acme/")).head

        assert head is not None
        assert path in head.files


def test_day_one_is_as_told() -> None:
    truth = truth_of(WORLDS["day_one"]())

    assert len(truth.packages) == 800
    assert len(truth.visibilities("private")) == 500
    assert list(truth.repositories.values()).count("public") == 60


def test_the_demo_has_every_type_and_every_visibility() -> None:
    truth = truth_of(demo())

    assert {kind for kind, _ in truth.packages} == {
        "container",
        "docker",
        "maven",
        "npm",
        "nuget",
        "rubygems",
    }
    assert set(truth.packages.values()) == {"private", "public", "internal"}


def test_a_big_world_shares_its_texts() -> None:
    world = big(repositories=300, packages=100, distinct_workflow_texts=40)
    before = truth_of(world)
    pushed = push_some(world, share=0.1)

    assert (len(before.repositories), len(before.packages)) == (300, 100)
    assert len(before.blobs) == 40
    assert 10 < pushed < 60
    assert len(truth_of(world).workflows) > len(before.workflows)


def test_canonical_bodies_do_not_name_the_port() -> None:
    with FakeGitHub(small(), canonical=True) as github:
        text = get(github, "/repos/acme/shop").text

        assert "127.0.0.1" not in text
        assert "https://api.github.com/repos/acme/shop" in text


def test_no_token_is_in_a_repr_or_in_the_log(github: FakeGitHub) -> None:
    get(github, "/orgs/acme")
    request = Request("GET", "/", "", {"authorization": "Bearer x"})

    assert github.token() not in repr(github)
    assert github.requests[0].profile == "owner"
    assert "Bearer" not in repr(request)
