"""The client against a real HTTP server that behaves, and misbehaves, like GitHub."""

import asyncio
import time

import pytest

from collector.errors import CredentialError
from collector.github import endpoints
from collector.github.auth import Token, TokenKind
from collector.github.client import ClientOptions, GitHub
from collector.github.editions import edition_of
from collector.github.governor import Clock
from collector.github.models import Package
from collector.github.outcomes import Outcome
from collector.github.paging import pages_by_link_or_short, pages_until_empty
from collector.github.protocol import path
from tests.fake_github import FakeGitHub, Faults
from tests.fake_github.worlds.small import small

TYPES = ("container", "npm", "maven", "nuget", "rubygems", "docker")


async def soon(seconds: float) -> None:
    """Wait a thousandth of what the client wants to wait."""
    await asyncio.sleep(seconds / 1000)


def client(server: FakeGitHub, profile: str = "owner") -> GitHub:
    clock = Clock(monotonic=lambda: time.monotonic() * 1000, sleep=soon)
    token = Token("test", server.token(profile))
    return GitHub(edition_of(server.url), token, options=ClientOptions(), clock=clock)


async def packages(gh: GitHub) -> set[tuple[str, str]]:
    where = path(endpoints.PACKAGES.path, org="acme")
    found = set()
    for kind in TYPES:
        async for page in pages_until_empty(gh, where, params={"package_type": kind}, per_page=2):
            assert page.reason is None
            read = [Package.from_payload(item) for item in page.items]
            found |= {(item.package_type, item.name) for item in read if isinstance(item, Package)}
    return found


async def repositories(gh: GitHub) -> list[str]:
    where = path(endpoints.REPOSITORIES.path, org="acme")
    return [
        item["full_name"]
        async for page in pages_by_link_or_short(gh, where, per_page=2)
        for item in page.items
    ]


async def test_an_owner_lists_everything_there_is() -> None:
    with FakeGitHub(small()) as server:
        async with client(server) as gh:
            found, listed = await packages(gh), await repositories(gh)
            assert gh.token_facts is not None
            assert "read:packages" in (gh.token_facts.scopes or ())
            assert gh.credential.kind is TokenKind.CLASSIC_PAT
            assert gh.counts.sent == len(server.requests)

        assert len(found) == 8
        assert len(listed) == len(set(listed)) == 6
        assert server.violations == []


async def test_faults_on_the_way_change_nothing_of_what_is_found() -> None:
    with FakeGitHub(small(), faults=Faults(seed=7)) as server:
        async with client(server) as gh:
            clean = await packages(gh), await repositories(gh)
        # One in five goes wrong; five tries are enough for all but one in three thousand.
        server.faults.status(502, share=0.05)
        server.faults.broken_body("cut", share=0.05)
        server.faults.broken_body("truncate", share=0.05)
        server.faults.broken_body("reset", share=0.05)
        async with client(server) as gh:
            assert (await packages(gh), await repositories(gh)) == clean
            assert gh.counts.retried > 0
        assert server.violations == []


@pytest.mark.parametrize("retry_after", [None, 30])
async def test_a_secondary_limit_sees_one_probe_a_pause(retry_after: int | None) -> None:
    with FakeGitHub(small()) as server:
        server.faults.secondary(start=20, seconds=0.4, retry_after=retry_after)
        async with client(server) as gh:
            answers = await asyncio.gather(*(gh.get("/orgs/acme") for _ in range(60)))

            assert all(answer.ok for answer in answers)
        refused = [recorded for recorded in server.requests if recorded.status == 403]
        # Those that were in flight when it began, then one after each longer pause.
        assert len(refused) <= 10 + 5


async def test_a_revoked_token_stops_everything() -> None:
    with FakeGitHub(small()) as server:
        server.faults.revoke(start=15)
        async with client(server) as gh:
            results = await asyncio.gather(
                *(gh.get("/orgs/acme") for _ in range(100)), return_exceptions=True
            )

        assert sum(isinstance(result, CredentialError) for result in results) >= 100 - 15
        assert sum(recorded.status == 401 for recorded in server.requests) <= 10


async def test_a_moved_and_an_empty_repository_are_answers() -> None:
    with FakeGitHub(small()) as server:
        async with client(server) as gh:
            empty = await gh.get("/repos/acme/nothing-yet/git/trees/HEAD")
            missing = await gh.get("/repos/acme/never-was")

        assert empty.outcome is Outcome.CONFLICT
        assert (missing.outcome, missing.reason) == (Outcome.NOT_FOUND, "not_found_404")
