from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import RateLimitError
from collector.github.limits import (
    Gate,
    Hold,
    LimitPolicy,
    Ticket,
    resource_of,
    wait_seconds,
)
from collector.github.outcomes import Outcome
from tests.collector.github.tools import http_date

WALL = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
UNPACED = LimitPolicy(requests_per_second=0)


def gate(policy: LimitPolicy = UNPACED) -> Gate:
    return Gate("PKGINVENTORY_TOKEN", policy)


def admitted(limits: Gate, *, now: float, resource: str = "core") -> Ticket:
    answer = limits.ask(resource, now=now)
    assert isinstance(answer, Ticket)
    return answer


def held(limits: Gate, *, now: float, resource: str = "core") -> Hold:
    answer = limits.ask(resource, now=now)
    assert isinstance(answer, Hold)
    return answer


def finish(
    limits: Gate, ticket: Ticket, outcome: Outcome | None, *, now: float, **headers: str
) -> None:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    wall = WALL + timedelta(seconds=now)
    limits.finish(ticket, outcome=outcome, headers=named, now=now, wall=wall)


def refused(limits: Gate, *, now: float, **headers: str) -> None:
    finish(limits, admitted(limits, now=now), Outcome.SECONDARY_LIMIT, now=now, **headers)


def test_a_server_without_limits_is_never_waited_for() -> None:
    limits = gate()
    for now in range(100):
        finish(limits, admitted(limits, now=now), Outcome.OK, now=now)

    assert (limits.waited, limits.in_flight) == (0, 0)


def test_a_denial_is_no_limit() -> None:
    limits = gate()
    finish(limits, admitted(limits, now=0), Outcome.FORBIDDEN, now=0, x_ratelimit_remaining="9")

    admitted(limits, now=0)
    assert limits.refused == 0


def test_requests_are_evenly_spaced() -> None:
    limits = gate(LimitPolicy(requests_per_second=10, max_in_flight=100))
    admitted(limits, now=0)

    assert held(limits, now=0).until == pytest.approx(0.1)
    admitted(limits, now=0.1)
    assert held(limits, now=0.15).until == pytest.approx(0.2)


def test_only_so_many_are_in_flight() -> None:
    limits = gate(LimitPolicy(requests_per_second=0, max_in_flight=2))
    first = admitted(limits, now=0)
    admitted(limits, now=0)

    assert held(limits, now=0) == Hold(None)
    finish(limits, first, None, now=1)
    admitted(limits, now=1)


def test_the_last_request_of_the_hour_holds_the_next_until_the_reset() -> None:
    limits = gate()
    reset = int(WALL.timestamp()) + 720
    finish(
        limits,
        admitted(limits, now=0),
        Outcome.OK,
        now=0,
        x_ratelimit_remaining="0",
        x_ratelimit_reset=str(reset),
        date=http_date(WALL),
    )

    answer = held(limits, now=0)
    assert answer.until == 721
    assert str(answer.waiting) == "waiting 12 min for the rate limit to reset at 02:12Z"
    assert held(limits, now=1).waiting is None
    admitted(limits, now=0, resource="graphql")
    admitted(limits, now=721)


def test_a_wrong_clock_here_changes_nothing() -> None:
    headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(WALL.timestamp()) + 60),
        "date": http_date(WALL),
    }

    for skew in (-86_400, 0, 86_400):
        assert wait_seconds(headers, wall=WALL + timedelta(seconds=skew)) == 61


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0"}, 1),
        ({"retry-after": http_date(WALL + timedelta(seconds=90))}, 91),
        ({"retry-after": "999999999"}, 86_400),
        ({"retry-after": "30", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, 30),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, 1),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "1"}, None),
        ({"retry-after": "-5"}, None),
        ({}, None),
    ],
)
def test_github_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_seconds(headers | {"date": http_date(WALL)}, wall=WALL) == seconds


def test_a_secondary_limit_holds_every_resource() -> None:
    limits = gate()
    refused(limits, now=0, retry_after="30")

    assert held(limits, now=1).until == held(limits, now=1, resource="graphql").until == 30


def test_a_secondary_limit_without_a_header_is_a_minute_then_longer() -> None:
    limits, now, pauses = gate(), 0.0, []
    for _ in range(7):
        refused(limits, now=now)
        until = held(limits, now=now).until
        assert until is not None
        pauses.append(until - now)
        now = until

    assert pauses == [60, 120, 240, 480, 960, 1800, 1800]


def test_after_a_pause_one_request_goes_alone() -> None:
    limits = gate()
    refused(limits, now=0, retry_after="60")
    probe = admitted(limits, now=60)

    assert held(limits, now=60) == held(limits, now=60, resource="graphql") == Hold(None)
    finish(limits, probe, Outcome.OK, now=61)
    admitted(limits, now=61.5)


def test_a_probe_that_brings_nothing_is_tried_again_alone() -> None:
    limits = gate()
    refused(limits, now=0, retry_after="60")
    finish(limits, admitted(limits, now=60), None, now=61)

    admitted(limits, now=61)
    assert held(limits, now=61) == Hold(None)


def test_refusals_of_requests_in_flight_are_one_refusal() -> None:
    limits = gate()
    tickets = [admitted(limits, now=0) for _ in range(10)]
    for ticket in tickets:
        finish(limits, ticket, Outcome.SECONDARY_LIMIT, now=1)

    assert held(limits, now=1).until == 61
    assert limits.refused == 10


def test_success_forgets_the_refusals() -> None:
    limits = gate()
    refused(limits, now=0)
    finish(limits, admitted(limits, now=60), Outcome.OK, now=61)
    refused(limits, now=62)

    assert held(limits, now=62).until == 122


def test_an_old_success_does_not_end_a_pause() -> None:
    limits = gate()
    old = admitted(limits, now=0)
    refused(limits, now=0, retry_after="60")
    finish(limits, old, Outcome.OK, now=1)

    assert held(limits, now=2).until == 60
    admitted(limits, now=60)
    assert held(limits, now=60) == Hold(None)


def test_a_refused_run_goes_slower_and_then_faster_again() -> None:
    limits = gate(LimitPolicy(requests_per_second=8))
    refused(limits, now=0, retry_after="1")
    now = 1.0
    admitted(limits, now=now)
    finish(limits, Ticket("core", 1, ("",)), Outcome.OK, now=now)
    assert held(limits, now=now).until == pytest.approx(1.25)
    for _ in range(50):
        now += 1
        finish(limits, admitted(limits, now=now), Outcome.OK, now=now)
    admitted(limits, now=now + 1)

    assert held(limits, now=now + 1).until == pytest.approx(now + 1.125)


def test_too_many_refusals_in_a_row_end_the_run() -> None:
    limits = gate(LimitPolicy(requests_per_second=0, max_refusals=2))
    for now in (0, 10, 100):
        refused(limits, now=now, retry_after="1")

    with pytest.raises(RateLimitError, match=r"3 times in a row \(secondary rate limit\)"):
        limits.ask("core", now=1000)


def test_a_run_waits_no_longer_than_it_may() -> None:
    limits = gate(LimitPolicy(requests_per_second=0, max_wait=100))
    refused(limits, now=0, retry_after="60")
    held(limits, now=0)
    refused(limits, now=60, retry_after="60")

    with pytest.raises(RateLimitError, match="later than the run may wait") as caught:
        limits.ask("core", now=60)
    assert "goes on where it stopped" in caught.value.hint


def test_a_pause_nobody_waits_for_costs_nothing() -> None:
    limits = gate(LimitPolicy(requests_per_second=0, max_wait=10))
    finish(
        limits,
        admitted(limits, now=0),
        Outcome.OK,
        now=0,
        x_ratelimit_remaining="0",
        x_ratelimit_reset=str(int(WALL.timestamp()) + 3600),
    )

    assert limits.waited == 0


@pytest.mark.parametrize(
    ("url", "resource"),
    [
        ("https://api.github.com/orgs/acme/packages?a=graphql", "core"),
        ("https://api.github.com/graphql", "graphql"),
        ("https://ghes.example/api/graphql", "graphql"),
        ("https://api.github.com/search/code?q=x", "search"),
        ("https://api.github.com/orgs/acme/audit-log?phrase=x", "audit_log"),
    ],
)
def test_each_budget_is_its_own(url: str, resource: str) -> None:
    assert resource_of(url) == resource


ANSWERS = st.sampled_from(
    [None, Outcome.OK, Outcome.NOT_FOUND, Outcome.PRIMARY_LIMIT, Outcome.SECONDARY_LIMIT]
)


@given(st.lists(st.tuples(ANSWERS, st.sampled_from(["core", "graphql"]), st.integers(0, 90))))
def test_whatever_comes_no_two_probes_are_out_at_once(
    events: list[tuple[Outcome | None, str, int]],
) -> None:
    limits = gate(
        LimitPolicy(requests_per_second=0, max_in_flight=3, max_refusals=10**6, max_wait=1e12)
    )
    flying: list[Ticket] = []
    now = 0.0
    for outcome, resource, seconds in events:
        now += seconds
        answer = limits.ask(resource, now=now)
        if isinstance(answer, Ticket):
            flying.append(answer)
        if flying and seconds % 2:
            finish(limits, flying.pop(0), outcome, now=now)

        assert len([ticket for ticket in flying if "" in ticket.probes]) <= 1
        assert limits.in_flight == len(flying) <= 3
