"""The fake GitHub fails as asked: limits, broken bodies, changes in mid-crawl, and forbidden writes."""

import asyncio
import base64
import gc
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_github import FakeGitHub, Fault, Limits, asking
from tests.fake_github.app import Application, table
from tests.fake_github.asking import headers
from tests.fake_github.credentials import profiles
from tests.fake_github.http import Request
from tests.fake_github.worlds import everything, small

REPOS = "/orgs/acme/repos"
APP = Application(everything(), Limits(enabled=False))


@dataclass
class Clock:
    """A clock that only tests move."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github(clock: Clock) -> Iterator[FakeGitHub]:
    with FakeGitHub(small(), Limits(clock=clock)) as server:
        yield server


def get(github: FakeGitHub, path: str = REPOS) -> httpx.Response:
    return asking.get(github, path)


def query(github: FakeGitHub, text: str = "{ viewer { login } }") -> httpx.Response:
    return asking.ask(github, text)


# Limits


def test_headers_count_down_for_each_user(github: FakeGitHub) -> None:
    first, second = get(github), get(github)

    assert first.headers["x-ratelimit-remaining"] == "4999"
    assert second.headers["x-ratelimit-remaining"] == "4998"
    assert second.headers["x-ratelimit-resource"] == "core"


def test_rate_limit_itself_is_free(github: FakeGitHub) -> None:
    get(github, "/rate_limit")

    assert get(github, "/rate_limit").json()["resources"]["core"]["remaining"] == 5000


def test_a_spent_budget_is_403_until_the_hour_is_over(github: FakeGitHub, clock: Clock) -> None:
    github.limits.core = 1
    assert get(github).status_code == 200
    refused = get(github)
    clock.now += 3601

    assert refused.status_code == 403
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert get(github).status_code == 200


def test_graphql_has_a_budget_of_its_own_and_says_so_with_200(github: FakeGitHub) -> None:
    github.limits.graphql = 1
    assert query(github).json()["data"]["viewer"]["login"] == "olivia"
    spent = query(github)

    assert spent.status_code == 200
    assert spent.json()["errors"][0]["type"] == "RATE_LIMITED"
    assert "data" not in spent.json()
    assert get(github).status_code == 200


@pytest.mark.parametrize(("status", "wait"), [(403, None), (429, 30)])
def test_a_secondary_limit_refuses_until_it_lifts(
    github: FakeGitHub, clock: Clock, status: int, wait: int | None
) -> None:
    github.faults.secondary(start=2, seconds=60, retry_after=wait, status=status)
    answers = [get(github).status_code for _ in range(3)]
    refused = get(github)
    clock.now += 61

    assert answers == [200, status, status]
    assert "secondary rate limit" in refused.json()["message"]
    assert refused.headers.get("retry-after") == (None if wait is None else str(wait))
    assert get(github).status_code == 200
    assert github.limits.refused_while_blocked == 3


def test_too_many_points_a_minute_begin_a_secondary_limit(github: FakeGitHub) -> None:
    github.limits.per_minute = 3

    assert [get(github).status_code for _ in range(5)] == [200, 200, 200, 403, 403]


async def test_more_than_a_hundred_at_once_begin_a_secondary_limit(github: FakeGitHub) -> None:
    github.limits.concurrency = 3
    github.latency = 0.1
    async with httpx.AsyncClient(headers=headers(github)) as client:
        answers = await asyncio.gather(*(client.get(github.url + REPOS) for _ in range(6)))

    assert {a.status_code for a in answers} == {200, 403} or {a.status_code for a in answers} == {
        403
    }
    assert github.most_in_flight > 3


def test_the_primary_budget_can_be_spent_in_the_middle(github: FakeGitHub) -> None:
    github.faults.primary(start=3)

    assert [get(github).status_code for _ in range(4)] == [200, 200, 403, 403]


def test_the_servers_clock_can_be_ahead(github: FakeGitHub, clock: Clock) -> None:
    github.limits.skew = 500

    assert int(get(github).headers["x-ratelimit-reset"]) == int(clock.now + 500 + 3600)


# Faults


def test_a_fault_hits_its_path_only_and_only_so_often(github: FakeGitHub) -> None:
    fault = github.faults.status(502, path="/orgs/*/repos", times=1)

    assert get(github, "/orgs/acme").status_code == 200
    assert [get(github).status_code, get(github).status_code] == [502, 200]
    assert fault.fired == 1
    assert github.requests[1].fault == "status"


@pytest.mark.parametrize("status", [401, 403, 404, 409, 422, 429, 500, 503, 504])
def test_any_status_can_be_asked_for(github: FakeGitHub, status: int) -> None:
    github.faults.status(status)

    assert get(github).status_code == status


def test_a_share_is_drawn_from_the_seed(github: FakeGitHub) -> None:
    github.faults.status(503, share=0.3)
    statuses = [get(github, "/meta").status_code for _ in range(60)]

    assert 5 < statuses.count(503) < 35


@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_a_body_can_end_too_early(github: FakeGitHub, kind: str) -> None:
    github.faults.broken_body(kind, times=1)

    with pytest.raises(httpx.TransportError):
        get(github)
    assert get(github).status_code == 200


def test_a_text_can_be_truncated_at_the_right_length(github: FakeGitHub) -> None:
    github.faults.broken_body("truncate", times=1)
    answer = get(github)

    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_bytes_can_be_wrong_at_the_right_length(github: FakeGitHub) -> None:
    whole = get(github).content
    github.faults.broken_body("corrupt", times=1)
    other = get(github).content

    assert len(other) == len(whole)
    assert other != whole


def test_a_stall_outlasts_the_clients_patience(github: FakeGitHub) -> None:
    github.faults.stall(30, times=1)

    with pytest.raises(httpx.ReadTimeout):
        httpx.get(github.url + REPOS, headers=headers(github), timeout=0.1)


def test_a_token_can_be_revoked_in_the_middle(github: FakeGitHub) -> None:
    github.faults.revoke(start=3)

    assert [get(github).status_code for _ in range(4)] == [200, 200, 401, 401]


def test_the_world_can_change_in_the_middle(github: FakeGitHub) -> None:
    github.faults.change(lambda w: w["acme"].rename("shop", "store"), start=2)
    github.faults.change(lambda w: w["acme"].delete_repository("library"), start=3)

    assert get(github, "/repos/acme/shop").status_code == 200
    assert get(github, "/repos/acme/shop").status_code == 301
    assert get(github, "/repos/acme/library").status_code == 404


def test_a_path_can_be_denied_for_good(github: FakeGitHub) -> None:
    github.world.deny("/repos/acme/shop/actions/permissions*", 403)

    assert get(github, "/repos/acme/shop/actions/permissions/workflow").status_code == 403
    assert get(github, "/repos/acme/billing/actions/permissions/workflow").status_code == 200


def test_a_fault_can_be_for_one_profile(github: FakeGitHub) -> None:
    github.faults.add(Fault("status", status=500, profile="member"))

    assert get(github).status_code == 200
    assert httpx.get(github.url + REPOS, headers=headers(github, "member")).status_code == 500


# What must never be sent


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST", "HEAD"])
def test_a_write_is_500_and_a_violation(github: FakeGitHub, method: str) -> None:
    answer = httpx.request(method, f"{github.url}/repos/acme/shop", headers=headers(github))

    assert answer.status_code == 500
    assert github.violations == [f"{method} /repos/acme/shop"]


def test_a_mutation_is_a_violation(github: FakeGitHub) -> None:
    answer = query(github, 'mutation { addStar(input: {starrableId: "x"}) { clientMutationId } }')

    assert answer.status_code == 500
    assert github.violations == ["POST /graphql"]


def test_a_token_in_the_address_is_a_violation(github: FakeGitHub) -> None:
    get(github, f"/meta?access_token={github.token()}")

    assert github.violations == ["a token in the address of GET /meta"]


def test_reading_is_no_violation(github: FakeGitHub) -> None:
    get(github)
    query(github)

    assert github.violations == []


# The App


def jwt(clock: Clock, *, lives: int = 300) -> str:
    claims = {"iat": int(clock.now) - 60, "exp": int(clock.now) + lives, "iss": "310001"}
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.c2ln"


def test_an_app_gets_a_token_that_lives_an_hour(github: FakeGitHub, clock: Clock) -> None:
    app = {"user-agent": "tests", "authorization": f"Bearer {jwt(clock)}"}
    one = httpx.get(f"{github.url}/orgs/acme/installation", headers=app).json()
    made = httpx.post(f"{github.url}/app/installations/{one['id']}/access_tokens", headers=app)
    token = {"user-agent": "tests", "authorization": f"Bearer {made.json()['token']}"}

    assert made.status_code == 201
    assert httpx.get(github.url + REPOS, headers=token).status_code == 200
    clock.now += 3601
    assert httpx.get(github.url + REPOS, headers=token).status_code == 401
    assert github.violations == []


def test_a_jwt_may_not_live_longer_than_ten_minutes(github: FakeGitHub, clock: Clock) -> None:
    app = {"user-agent": "tests", "authorization": f"Bearer {jwt(clock, lives=900)}"}

    assert httpx.get(f"{github.url}/app", headers=app).status_code == 401


# The fake itself


def test_a_mistake_of_the_fake_is_not_taken_for_a_fault(
    github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fake_github.rest.repositories.sees", lambda *_: 1 / 0)

    with pytest.raises(httpx.TransportError):
        get(github)
    gc.collect()
    assert github.violations == ["the fake GitHub failed: ZeroDivisionError('division by zero')"]


@given(
    template=st.sampled_from(sorted({route.template for route in table().routes})),
    parts=st.lists(st.sampled_from(["acme", "shop", "x", "0", "%2F", "a%00b", "é"]), min_size=8),
    query_text=st.text("abcpage_=&%0123456789-", max_size=20),
    profile=st.sampled_from(sorted(profiles())),
)
def test_whatever_is_asked_gets_an_answer(
    template: str, parts: list[str], query_text: str, profile: str
) -> None:
    names = iter(parts)
    path = re.sub(r"\{\w+\*?\}", lambda match: known_or(match.group(), next(names)), template)
    sent = {"user-agent": "tests", "authorization": f"Bearer {APP.vault.token(profile)}"}

    answer = APP.answer(Request("GET", path, query_text, sent))
    assert 200 <= answer.status < 500


def known_or(name: str, other: str) -> str:
    return {"{org}": "acme", "{owner}": "acme", "{repo}": "shop"}.get(name, other)
