"""Wait for leave to send: the async shell around the state machine of limits.py."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.errors import BudgetExhaustedError
from collector.github.limits import Gate, LimitPolicy, Ticket, Waiting
from collector.github.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the client sees it; a test puts its own here and nothing ever waits."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Budget:
    """The requests a run may send, over all its credentials; None: as many as it needs."""

    def __init__(self, max_requests: int | None = None) -> None:
        self._max_requests = max_requests
        self.spent = 0

    @property
    def left(self) -> int | None:
        """Return how many requests may still be sent."""
        return None if self._max_requests is None else max(0, self._max_requests - self.spent)

    def spend(self) -> None:
        """Count one request.

        Raises:
            BudgetExhaustedError: it would be one too many.
        """
        if self.left == 0:
            raise BudgetExhaustedError(
                f"The run has sent the {self._max_requests} requests it was given.",
                hint="What it read is kept; the next run goes on from there.",
            )
        self.spent += 1


class Leave:
    """What one request in flight reports back when it is done."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.outcome: Outcome | None = None
        self.headers: Mapping[str, str] = {}

    def answered(self, outcome: Outcome, headers: Mapping[str, str]) -> None:
        """Say what came back; without this call, nothing did."""
        self.outcome, self.headers = outcome, headers


class Governor:
    """Holds back every worker of one credential together, so that no two storm GitHub at once."""

    def __init__(
        self,
        credential: str,
        *,
        policy: LimitPolicy,
        clock: Clock,
        on_wait: Callable[[Waiting], None] | None = None,
    ) -> None:
        self.gate = Gate(credential, policy)
        self._clock = clock
        self._on_wait = on_wait
        self._finished: asyncio.Future[None] | None = None
        # Only the head of each line asks: ten thousand waiting tasks are not woken by each answer.
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def leave(self, resource: str) -> AsyncIterator[Leave]:
        """Wait for leave to send one request, and learn from its answer.

        Raises:
            RateLimitError: the limits ask for more patience than the run has.
        """
        async with self._lines[resource]:
            leave = Leave(await self._ticket(resource))
        try:
            yield leave
        finally:
            self.gate.finish(
                leave.ticket,
                outcome=leave.outcome,
                headers=leave.headers,
                now=self._clock.monotonic(),
                wall=self._clock.wall(),
            )
            self._wake()

    async def _ticket(self, resource: str) -> Ticket:
        while True:
            answer = self.gate.ask(resource, now=self._clock.monotonic())
            if isinstance(answer, Ticket):
                return answer
            if answer.waiting is not None and self._on_wait is not None:
                self._on_wait(answer.waiting)
            if answer.until is None:
                await self._until_finished()
            else:
                await self._clock.sleep(max(0.0, answer.until - self._clock.monotonic()))

    async def _until_finished(self) -> None:
        if self._finished is None:
            self._finished = asyncio.get_running_loop().create_future()
        # Shielded: one worker that is cancelled must not cancel the others' wait.
        await asyncio.shield(self._finished)

    def _wake(self) -> None:
        if self._finished is not None:
            self._finished.set_result(None)
            self._finished = None
