import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from collector.errors import (
    BudgetExhaustedError,
    CredentialError,
    GitHubUnreachableError,
    RateLimitError,
)
from collector.github.answers import Answer
from collector.github.cache import MemoryCache
from collector.github.cassette import Sender
from collector.github.governor import Budget
from collector.github.limits import LimitPolicy
from collector.github.outcomes import Outcome, Reason
from collector.github.protocol import Request, Response
from collector.github.readonly import WriteRefusedError
from tests.collector.github.tools import API, EPOCH, TOKEN, JumpingClock, github, script

if TYPE_CHECKING:
    from collector.github.protocol import RequestRecord

OK = httpx.Response(200, json={"id": 1})
JSON_HEADERS = {"content-type": "application/json"}


def said(status: int, text: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"message": text}, headers=named)


async def ask(*answers: httpx.Response | Exception, path: str = "/orgs/acme") -> Answer:
    handler, _seen = script(*answers)
    async with github(handler) as gh:
        return await gh.get(path)


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (said(403, "no"), Outcome.FORBIDDEN, Reason.FORBIDDEN),
        (said(404, "Not Found"), Outcome.NOT_FOUND, Reason.NOT_FOUND),
        (said(409, "Git Repository is empty."), Outcome.CONFLICT, None),
        (said(410, "gone"), Outcome.GONE, Reason.NOT_FOUND),
        (said(451, "DMCA"), Outcome.LEGAL, Reason.FORBIDDEN),
        (said(422, "no"), Outcome.UNPROCESSABLE, Reason.BAD_REQUEST),
    ],
)
async def test_a_denial_is_an_answer(
    answer: httpx.Response, outcome: Outcome, reason: Reason | None
) -> None:
    read = await ask(answer)

    assert (read.outcome, read.reason, read.status) == (outcome, reason, answer.status_code)
    assert read.data is None
    assert not read.ok
    assert not read.usable


async def test_a_denial_is_never_asked_twice() -> None:
    handler, seen = script(said(404, "no"))
    async with github(handler) as gh:
        await gh.get("/x")

        assert (len(seen), gh.counts.retried) == (1, 0)


async def test_an_answer_carries_what_was_asked_and_its_proof() -> None:
    records: list[RequestRecord] = []
    headers = {"etag": '"e"', "x-github-request-id": "AB:1"}
    handler, seen = script(httpx.Response(200, json=[1], headers=headers))
    async with github(handler, on_request=records.append) as gh:
        answer = await gh.get("/orgs/acme/packages", params={"package_type": "npm", "page": 2})

    assert answer.ok
    assert answer.data == [1]
    assert records == [answer.request]
    assert answer.request.path == "/orgs/acme/packages?package_type=npm&page=2"
    assert answer.request.etag == '"e"'
    assert answer.request.request_id == "AB:1"
    assert answer.request.body_sha256 == (
        "080a9ed428559ef602668b4c00f114f1a11c3f6b02a435f0bdc154578e4d7f22"
    )
    assert answer.request.observed_at.tzinfo is None
    assert answer.request.credential == "PKGINVENTORY_TOKEN"
    assert seen[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert seen[0].headers["x-github-api-version"] == "2022-11-28"


async def test_a_slash_in_a_name_reaches_the_wire_encoded() -> None:
    handler, seen = script(OK)
    async with github(handler) as gh:
        await gh.get("/orgs/acme/packages/container/a%2Fb")

    assert seen[0].url.raw_path == b"/orgs/acme/packages/container/a%2Fb"


@pytest.mark.parametrize(
    "fault",
    [
        httpx.Response(502, text="bad gateway"),
        httpx.Response(503, json={}),
        httpx.Response(200, content=b'{"cut": ', headers=JSON_HEADERS),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("peer closed connection"),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.DecodingError("bad gzip"),
    ],
)
async def test_a_fault_is_tried_again(fault: httpx.Response | Exception) -> None:
    handler, seen = script(fault, fault, OK)
    async with github(handler) as gh:
        answer = await gh.get("/x")

        assert answer.data == {"id": 1}
        assert (len(seen), gh.counts.retried, gh.counts.sent) == (3, 2, 3)


@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        (httpx.Response(500), Outcome.SERVER_ERROR, Reason.SERVER_ERROR),
        (httpx.Response(200, content=b"{"), Outcome.BROKEN, Reason.TRUNCATED),
        (httpx.ReadTimeout("slow"), Outcome.TIMEOUT, Reason.TIMEOUT),
        (httpx.ReadError("reset"), Outcome.TIMEOUT, Reason.TIMEOUT),
    ],
)
async def test_one_bad_page_is_coverage_and_no_crash(
    fault: httpx.Response | Exception, outcome: Outcome, reason: Reason
) -> None:
    handler, seen = script(OK, fault)
    async with github(handler) as gh:
        await gh.get("/orgs/acme")
        answer = await gh.get("/x")

    assert (answer.outcome, answer.reason) == (outcome, reason)
    assert len(seen) == 1 + 5


async def test_retries_back_off_with_full_jitter() -> None:
    time = JumpingClock()
    handler, _seen = script(OK, httpx.Response(502))
    async with github(handler, time=time) as gh:
        await gh.get("/orgs/acme")
        await gh.get("/x")

    assert time.slept == [1, 2, 4, 8]


async def test_a_server_that_names_a_pause_gets_it() -> None:
    time = JumpingClock()
    handler, _seen = script(httpx.Response(503, headers={"retry-after": "7"}), OK)
    async with github(handler, time=time) as gh:
        await gh.get("/x")

    assert time.slept == [7]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.Response(200, text="<html>a web page</html>", headers={"content-type": "text/html"}),
        httpx.Response(404, text="<html>not found</html>", headers={"content-type": "text/html"}),
        httpx.Response(502, text="proxy error"),
    ],
)
async def test_an_address_without_github_ends_the_run_with_a_hint(
    answer: httpx.Response | Exception,
) -> None:
    with pytest.raises(GitHubUnreachableError) as caught:
        await ask(answer)

    assert API in str(caught.value)
    assert "--api-url" in caught.value.hint


async def test_a_certificate_nobody_trusts_is_named() -> None:
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")

    with pytest.raises(GitHubUnreachableError, match="certificate is not trusted"):
        await ask(error)


async def test_a_network_that_goes_away_ends_the_run_soon() -> None:
    handler, _seen = script(OK, httpx.ConnectError("unreachable"))
    async with github(handler) as gh:
        await gh.get("/orgs/acme")
        answers = [await gh.get(f"/{number}") for number in range(4)]
        with pytest.raises(GitHubUnreachableError):
            await gh.get("/5")

    assert {answer.reason for answer in answers} == {Reason.TIMEOUT}


async def test_the_first_401_stops_every_worker() -> None:
    handler, seen = script(OK, said(401, "Bad credentials"))
    async with github(handler, limits=LimitPolicy(requests_per_second=0, max_in_flight=1)) as gh:
        await gh.get("/orgs/acme")
        results = await asyncio.gather(
            *(gh.get(f"/{number}") for number in range(20)), return_exceptions=True
        )

    assert len(seen) == 2
    assert all(isinstance(result, CredentialError) for result in results)
    assert "Bad credentials" in str(results[0])
    assert TOKEN not in str(results[0])


async def test_too_many_bad_logins_stop_the_run_too() -> None:
    with pytest.raises(CredentialError):
        await ask(said(403, "Maximum number of login attempts exceeded. Please try again later."))


async def test_a_limit_is_waited_for_and_the_request_sent_again() -> None:
    time = JumpingClock()
    waits: list[str] = []
    reset = str(int(EPOCH) + 600)
    limited = said(
        403, "API rate limit exceeded", x_ratelimit_remaining="0", x_ratelimit_reset=reset
    )
    handler, seen = script(limited, OK)
    async with github(handler, time=time, on_wait=lambda wait: waits.append(str(wait))) as gh:
        answer = await gh.get("/x")

        assert answer.ok
        assert (len(seen), gh.waited) == (2, 601)
    assert time.now == 601
    assert waits == ["waiting 10 min for the rate limit to reset at 02:10Z"]


async def test_a_429_with_retry_after_is_waited_for() -> None:
    time = JumpingClock()
    handler, _seen = script(said(429, "slow down", retry_after="42"), OK)
    async with github(handler, time=time) as gh:
        assert (await gh.get("/x")).ok

    assert time.now == 42


async def test_a_limit_that_never_lifts_ends_the_run() -> None:
    handler, seen = script(said(403, "You have exceeded a secondary rate limit."))
    async with github(handler) as gh:
        with pytest.raises(RateLimitError):
            await gh.get("/x")

    assert len(seen) == 11


async def test_a_budget_ends_the_run_before_one_request_too_many() -> None:
    handler, seen = script(OK)
    async with github(handler, budget=Budget(3)) as gh:
        for _ in range(3):
            await gh.get("/x")
        with pytest.raises(BudgetExhaustedError):
            await gh.get("/x")

        assert gh.budget.left == 0
    assert len(seen) == 3


async def test_a_moved_repository_is_followed_and_said_so() -> None:
    moved = httpx.Response(301, headers={"location": f"{API}/repositories/7"})
    records: list[RequestRecord] = []
    handler, seen = script(moved, OK)
    async with github(handler, on_request=records.append) as gh:
        answer = await gh.get("/repos/acme/old")

    assert (answer.ok, answer.redirected, answer.url) == (True, True, f"{API}/repositories/7")
    assert [record.status for record in records] == [301, 200]
    assert seen[1].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "http://api.github.com/x",
        "//evil.example/x",
        "https://api.github.com:8443/x",
        "https://api.github.com@evil.example/",
        "https://[",
        "",
    ],
)
async def test_a_token_never_follows_to_another_host(location: str) -> None:
    handler, seen = script(httpx.Response(302, headers={"location": location}), OK)
    async with github(handler) as gh:
        answer = await gh.get("/x")

    # An empty Location resolves to the request's own address, which is no other host.
    assert {request.url.host for request in seen} == {"api.github.com"}
    assert len(seen) == (2 if location == "" else 1)
    assert answer.outcome is (Outcome.OK if location == "" else Outcome.MOVED)


async def test_redirects_that_go_in_circles_end() -> None:
    handler, seen = script(httpx.Response(301, headers={"location": "/x"}))
    async with github(handler) as gh:
        answer = await gh.get("/x")

    assert (answer.outcome, answer.reason, len(seen)) == (Outcome.MOVED, Reason.NOT_FOUND, 6)


async def test_another_hosts_url_is_refused_before_it_is_sent() -> None:
    handler, seen = script(OK)
    async with github(handler) as gh:
        with pytest.raises(ValueError, match="own host"):
            await gh.get_url("https://evil.example/x")

    assert seen == []


async def test_bytes_come_as_they_are() -> None:
    handler, seen = script(httpx.Response(200, content=b"\xff\x00raw"))
    async with github(handler) as gh:
        answer = await gh.get_bytes("/repos/a/b/git/blobs/1")

    assert answer.data == b"\xff\x00raw"
    assert seen[0].headers["accept"] == "application/vnd.github.raw+json"


async def test_a_body_too_large_is_truncated_and_not_asked_again() -> None:
    handler, seen = script(OK, httpx.Response(200, content=b"x" * 100))
    async with github(handler) as gh:
        await gh.get("/orgs/acme")
        answer = await gh.get_bytes("/blob", max_bytes=99)

        assert (answer.outcome, answer.reason, answer.data) == (Outcome.BROKEN, "truncated", None)
        assert (await gh.get_bytes("/blob", max_bytes=100)).ok
    assert len(seen) == 3


async def test_an_empty_answer_is_an_answer() -> None:
    assert (await ask(httpx.Response(204))).ok


async def test_nothing_but_queries_is_sent_to_graphql() -> None:
    handler, seen = script(OK)
    async with github(handler) as gh:
        with pytest.raises(WriteRefusedError):
            await gh.graphql("mutation { a }")

    assert seen == []


async def graphql(*payloads: dict[str, Any]) -> tuple[Answer, int]:
    handler, seen = script(*(httpx.Response(200, json=payload) for payload in payloads))
    async with github(handler) as gh:
        answer = await gh.graphql("query Q($n: Int!) { a }", {"n": 3})
    assert json.loads(seen[0].content)["variables"] == {"n": 3}
    assert seen[0].headers["content-type"] == "application/json"
    return answer, len(seen)


async def test_graphql_data_is_unwrapped() -> None:
    answer, sent = await graphql({"data": {"a": 1}})

    assert (answer.ok, answer.data, answer.request.path, sent) == (True, {"a": 1}, "/graphql", 1)


async def test_graphql_data_with_errors_is_partial() -> None:
    error = {"type": "NOT_FOUND", "message": "no r1", "path": ["r1"]}
    answer, _sent = await graphql({"data": {"r0": {}, "r1": None}, "errors": [error]})

    assert (answer.ok, answer.usable, answer.outcome) == (False, True, Outcome.GRAPHQL_PARTIAL)
    assert [(each.path, each.reason) for each in answer.errors] == [(("r1",), Reason.NOT_FOUND)]
    assert answer.message == "no r1"


async def test_graphql_limits_come_with_http_200() -> None:
    limited = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    answer, sent = await graphql(limited, {"data": {"a": 1}})

    assert (answer.ok, sent) == (True, 2)


async def test_a_graphql_timeout_is_tried_once_more_and_then_an_answer() -> None:
    failed = {"data": None, "errors": [{"message": "Something went wrong while executing"}]}
    answer, sent = await graphql(failed)

    assert (answer.outcome, sent) == (Outcome.SERVER_ERROR, 2)


async def test_a_query_github_does_not_understand_is_not_tried_again() -> None:
    answer, sent = await graphql({"errors": [{"message": "Field 'x' doesn't exist"}]})

    assert (answer.outcome, answer.reason, sent) == (Outcome.GRAPHQL_ERROR, "server_error", 1)


async def test_what_did_not_change_is_answered_from_before() -> None:
    cache = MemoryCache()
    link = f'<{API}/x?page=2>; rel="next"'
    first = httpx.Response(200, json=[1], headers={"etag": '"one"', "link": link})
    handler, seen = script(first, httpx.Response(304, headers={"etag": '"one"'}))
    async with github(handler, cache=cache) as gh:
        fresh = await gh.get("/x")
        again = await gh.get("/x")

        assert gh.counts.not_modified == 1
    assert "if-none-match" not in seen[0].headers
    assert seen[1].headers["if-none-match"] == '"one"'
    assert (again.ok, again.outcome, again.status) == (True, Outcome.NOT_MODIFIED, 304)
    assert again.data == fresh.data == [1]
    assert again.headers["link"] == link
    assert again.request.body_sha256 == fresh.request.body_sha256


async def test_what_is_kept_depends_on_credential_url_and_form() -> None:
    cache = MemoryCache()
    handler, seen = script(httpx.Response(200, json=[1], headers={"etag": '"one"'}))
    async with github(handler, cache=cache) as gh:
        await gh.get("/x")
        await gh.get("/x", accept="application/json")
        await gh.get("/x", params={"page": 2})

    assert all("if-none-match" not in request.headers for request in seen)


async def test_a_304_without_anything_kept_is_a_fault() -> None:
    handler, seen = script(httpx.Response(304), OK)
    async with github(handler) as gh:
        assert (await gh.get("/x")).data == {"id": 1}

    assert len(seen) == 2


async def test_a_partial_answer_is_never_kept() -> None:
    headers = {"etag": '"e"', "x-github-sso": "partial-results; organizations=1"}
    handler, seen = script(httpx.Response(200, json=[1], headers=headers))
    async with github(handler, cache=MemoryCache()) as gh:
        answer = await gh.get("/x")
        await gh.get("/x")

    assert (answer.ok, answer.usable, answer.data) == (False, True, [1])
    assert answer.reason is Reason.SSO_NOT_AUTHORIZED
    assert "if-none-match" not in seen[1].headers


async def test_a_denial_says_what_would_be_needed() -> None:
    answer = await ask(
        said(403, "no", x_accepted_github_permissions="administration=read"),
    )

    assert answer.needed == "administration=read"
    assert answer.message == "no"


async def test_the_first_answer_tells_about_the_token() -> None:
    headers = {
        "x-oauth-scopes": "read:packages, repo",
        "github-authentication-token-expiration": "2026-12-01 12:00:00 UTC",
    }
    handler, _seen = script(httpx.Response(200, json={}, headers=headers))
    async with github(handler) as gh:
        await gh.get("/orgs/acme")
        facts = gh.token_facts

    assert facts is not None
    assert facts.scopes == frozenset({"read:packages", "repo"})
    assert str(facts.expires_at) == "2026-12-01 12:00:00"


async def test_a_token_in_a_query_or_a_message_is_masked() -> None:
    records: list[RequestRecord] = []
    handler, _seen = script(said(403, f"token {TOKEN} may not"))
    async with github(handler, on_request=records.append) as gh:
        answer = await gh.get("/x", params={"token": TOKEN})

    shown = f"{answer!r} {records!r} {gh.credential!r}"
    assert TOKEN not in shown
    assert answer.message == "token *** may not"


async def test_no_more_than_the_limit_are_in_flight() -> None:
    flying, most = 0, 0

    async def handler(_request: httpx.Request) -> httpx.Response:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0)
        flying -= 1
        return OK

    async with github(handler, limits=LimitPolicy(requests_per_second=0, max_in_flight=25)) as gh:  # type: ignore[arg-type]
        await asyncio.gather(*(gh.get(f"/{number}") for number in range(200)))

    assert 10 < most <= 25


async def test_a_ghes_is_asked_beneath_its_prefix() -> None:
    handler, seen = script(OK, httpx.Response(200, json={"data": {}}))
    async with github(handler, api_url="https://ghes.example/api/v3/") as gh:
        answer = await gh.get("/orgs/acme")
        await gh.graphql("{ a }")

    assert [str(request.url) for request in seen] == [
        "https://ghes.example/api/v3/orgs/acme",
        "https://ghes.example/api/graphql",
    ]
    assert answer.request.path == "/orgs/acme"


async def test_a_client_closes_its_connections() -> None:
    handler, _seen = script(OK)
    gh = github(handler)
    async with gh:
        await gh.get("/x")

    with pytest.raises(RuntimeError, match="closed"):
        await gh.get("/x")


async def test_a_cassette_can_stand_between_client_and_wire() -> None:
    passed: list[str] = []

    class Between:
        def __init__(self, sender: Sender) -> None:
            self.sender = sender

        async def send(self, request: Request, *, max_bytes: int) -> Response:
            passed.append(request.url)
            return await self.sender.send(request, max_bytes=max_bytes)

        async def close(self) -> None:
            passed.append("closed")
            await self.sender.close()

    handler, seen = script(OK)
    async with github(handler, through=Between) as gh:
        assert (await gh.get("/x")).ok

    assert (passed, len(seen)) == ([f"{API}/x", "closed"], 1)
