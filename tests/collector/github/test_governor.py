import asyncio

import pytest

from collector.errors import BudgetExhaustedError
from collector.github.governor import Budget, Governor
from collector.github.limits import LimitPolicy, Waiting
from collector.github.outcomes import Outcome
from tests.collector.github.tools import JumpingClock


def governor(time: JumpingClock, policy: LimitPolicy, said: list[str] | None = None) -> Governor:
    heard = [] if said is None else said

    def on_wait(waiting: Waiting) -> None:
        heard.append(str(waiting))

    return Governor("token", policy=policy, clock=time.clock, on_wait=on_wait)


async def test_ten_workers_keep_the_rate_together() -> None:
    time = JumpingClock()
    limits = governor(time, LimitPolicy(requests_per_second=10, max_in_flight=10))
    sent: list[float] = []

    async def worker() -> None:
        async with limits.leave("core") as leave:
            sent.append(time.now)
            leave.answered(Outcome.OK, {})

    await asyncio.gather(*(worker() for _ in range(20)))

    assert sent == pytest.approx([number / 10 for number in range(20)])


async def test_under_a_secondary_limit_one_probe_a_pause_goes_out() -> None:
    time = JumpingClock()
    said: list[str] = []
    limits = governor(time, LimitPolicy(requests_per_second=0, max_in_flight=5), said)
    sent: list[float] = []

    async def worker() -> None:
        refused = True
        while refused:
            async with limits.leave("core") as leave:
                sent.append(time.now)
                await time.sleep(0.1)
                refused = time.now < 200
                leave.answered(Outcome.SECONDARY_LIMIT if refused else Outcome.OK, {})

    await asyncio.gather(*(worker() for _ in range(8)))

    before = [moment for moment in sent if moment < 200]
    assert before == pytest.approx([0] * 5 + [60.1, 180.2])
    assert len(sent) == 5 + 2 + 8
    assert [line.split(" to ")[0] for line in said] == [
        "waiting 1 min for the secondary rate limit",
        "waiting 2 min for the secondary rate limit",
        "waiting 4 min for the secondary rate limit",
    ]


async def test_one_resource_that_is_spent_does_not_hold_the_other() -> None:
    time = JumpingClock()
    limits = governor(time, LimitPolicy(requests_per_second=0, max_in_flight=2))
    headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(time.wall().timestamp()) + 600),
    }
    done: list[tuple[str, float]] = []

    async def worker(resource: str) -> None:
        async with limits.leave(resource) as leave:
            done.append((resource, time.now))
            leave.answered(Outcome.OK, headers if resource == "core" and time.now == 0 else {})

    await asyncio.gather(*(worker(name) for name in ("core", "core", "core", "graphql", "graphql")))

    assert [moment for name, moment in done if name == "graphql"] == [0, 0]
    assert [moment for name, moment in done if name == "core"] == [0, 601, 601]


async def test_a_cancelled_worker_frees_its_place() -> None:
    time = JumpingClock()
    limits = governor(time, LimitPolicy(requests_per_second=0, max_in_flight=1))

    async def worker() -> None:
        async with limits.leave("core"):
            await asyncio.Event().wait()

    first, second = asyncio.create_task(worker()), asyncio.create_task(worker())
    await asyncio.sleep(0.01)
    second.cancel()
    first.cancel()
    await asyncio.gather(first, second, return_exceptions=True)

    assert limits.gate.in_flight == 0
    async with limits.leave("core"):
        assert limits.gate.in_flight == 1


def test_a_budget_without_a_number_never_ends() -> None:
    budget = Budget()
    for _ in range(1000):
        budget.spend()

    assert (budget.left, budget.spent) == (None, 1000)


def test_a_budget_is_spent_to_the_last_request_and_no_further() -> None:
    budget = Budget(2)
    budget.spend()
    budget.spend()

    assert budget.left == 0
    with pytest.raises(BudgetExhaustedError, match="2 requests"):
        budget.spend()
    assert budget.spent == 2
