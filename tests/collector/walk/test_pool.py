"""Many items, a few workers."""

import asyncio
from collections.abc import Iterator

import pytest

from collector.errors import BudgetExhaustedError, CredentialError
from collector.walk.pool import for_each


async def test_never_more_at_once_than_workers_and_items_taken_only_when_needed() -> None:
    """The items of ten thousand repositories are not all in flight."""
    running, most, taken = 0, 0, 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(50):
            taken += 1
            assert taken - done <= 4
            yield item

    done = 0

    async def work(_: int) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        done += 1

    await for_each(items(), work, workers=3)

    assert (most, done) == (3, 50)


async def test_one_plain_error_comes_out() -> None:
    """Of several at once the one that the run must know first."""

    async def work(item: int) -> None:
        await asyncio.sleep(0)
        if item == 1:
            raise CredentialError("refused")
        raise BudgetExhaustedError("spent")

    with pytest.raises(CredentialError):
        await for_each([0, 1, 2], work, workers=3)


async def test_cancellation_stays_a_cancellation() -> None:
    """A service manager's stop is no error of a worker."""

    async def work(_: int) -> None:
        await asyncio.sleep(60)

    task = asyncio.ensure_future(for_each([1, 2], work, workers=2))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
