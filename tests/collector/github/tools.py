"""A clock that jumps, and a client whose server is a function: no test waits, no test needs a network."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx

from collector.github.auth import Credential, Token
from collector.github.client import ClientOptions, GitHub
from collector.github.editions import edition_of
from collector.github.governor import Clock
from collector.github.limits import LimitPolicy

TOKEN = "ghp_" + "Ab1" * 12
API = "https://api.github.com"
EPOCH = datetime(2026, 11, 23, 2, 0, tzinfo=UTC).timestamp()

Handler = Callable[[httpx.Request], httpx.Response]


class JumpingClock:
    """Jumps to the next moment anyone waits for, as soon as nobody has anything else to do."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()
        self._pump: asyncio.Task[None] | None = None

    @property
    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.now, wall=self.wall, sleep=self.sleep)

    def wall(self) -> datetime:
        return datetime.fromtimestamp(EPOCH + self.now, tz=UTC)

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        self.slept.append(seconds)
        until: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now + seconds, next(self._order), until))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._jump())
        await until

    async def _jump(self) -> None:
        while self._waiting:
            for _ in range(60):
                await asyncio.sleep(0)
            moment, _order, until = heapq.heappop(self._waiting)
            self.now = max(self.now, moment)
            if not until.done():
                until.set_result(None)


def github(
    handler: Handler,
    *,
    time: JumpingClock | None = None,
    api_url: str = API,
    credential: Credential | None = None,
    limits: LimitPolicy | None = None,
    **more: Any,
) -> GitHub:
    """Make a client whose every request the handler answers, without pacing unless asked for."""
    clock = (time or JumpingClock()).clock
    options = ClientOptions(limits=limits or LimitPolicy(requests_per_second=0))
    return GitHub(
        edition_of(api_url),
        credential or Token("PKGINVENTORY_TOKEN", TOKEN),
        options=options,
        clock=clock,
        jitter=lambda: 1.0,
        transport=httpx.MockTransport(handler),
        **more,
    )


def script(*answers: httpx.Response | Exception) -> tuple[Handler, list[httpx.Request]]:
    """Answer one request after the other; the last answer is given for ever."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        answer = answers[min(len(seen), len(answers) - 1)]
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return handler, seen


def http_date(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
