"""A few workers over many items: bounded concurrency, and one plain error when one of them fails."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

from collector.errors import BudgetExhaustedError, CredentialError

_Item = TypeVar("_Item")

# GitHub allows a hundred at once and recommends far fewer; the client paces what these ask for.
WORKERS: Final = 8
# Of several errors of one moment: what the whole run must know first.
_PRECEDENCE: Final = (CredentialError, BudgetExhaustedError)


async def for_each(
    items: Iterable[_Item], work: Callable[[_Item], Awaitable[None]], *, workers: int = WORKERS
) -> None:
    """Await `work` for every item, a few at a time; the items are taken only as they are needed.

    Raises:
        Exception: the first error of a worker, after the others were cancelled.
    """
    shared = iter(items)

    async def worker() -> None:
        for item in shared:
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(worker())
    except BaseExceptionGroup as failures:
        raise _first(failures) from None


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    flat = list(_flatten(failures))
    for kind in _PRECEDENCE:
        for failure in flat:
            if isinstance(failure, kind):
                return failure
    return flat[0]


def _flatten(failures: BaseExceptionGroup[BaseException]) -> Iterable[BaseException]:
    for failure in failures.exceptions:
        if isinstance(failure, BaseExceptionGroup):
            yield from _flatten(failure)
        else:
            yield failure
