"""The socket: a real HTTP server in a thread, its log, and what it must never be asked."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tests.fake_github import graphql_api
from tests.fake_github.app import GRAPHQL, Application, resource_of
from tests.fake_github.credentials import ANONYMOUS
from tests.fake_github.faults import BODY_KINDS, Fault, Faults
from tests.fake_github.http import MAX_HEAD, Request, Response, head_of, read_request, reset
from tests.fake_github.limits import Limits
from tests.fake_github.vault import Vault

if TYPE_CHECKING:
    from tests.fake_github.world import World


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as the server saw it; the token is named by its profile only.

    Attributes:
        path: decoded, without `/api/v3`.
        raw_path: as it came over the wire.
        at: seconds since the server was made.
        fault: what was made to go wrong, if anything.
        conditional: it carried If-None-Match or If-Modified-Since.
    """

    number: int
    method: str
    path: str
    raw_path: str
    query: str
    status: int
    profile: str
    resource: str
    at: float
    fault: str | None = None
    conditional: bool = False


@dataclass
class FakeGitHub:
    """A GitHub that listens on 127.0.0.1; use it with `with`.

    Attributes:
        latency: seconds before each answer.
        requests: everything that was asked, in order of answering.
        violations: what an inventory must never send, and mistakes of the fake itself.
    """

    world: World
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    vault: Vault = field(default_factory=Vault)
    latency: float = 0.0
    host: str = "127.0.0.1"
    port: int = 0
    canonical: bool = False
    requests: list[Recorded] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    most_in_flight: int = 0

    def __post_init__(self) -> None:
        self.app = Application(self.world, self.limits, self.vault, self.canonical)
        self._in_flight = 0
        self._began = time.monotonic()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._stopping: asyncio.Event | None = None

    @property
    def url(self) -> str:
        """Give the address for `--api-url`."""
        prefix = "/api/v3" if self.world.edition == "ghes" else ""
        return f"http://{self.host}:{self.port}{prefix}"

    def token(self, profile: str = "owner") -> str:
        """Give the token of a profile (see credentials.profiles)."""
        return self.vault.token(profile)

    def count(self, prefix: str = "/", *, status: int | None = None) -> int:
        """Count the requests whose path begins so."""
        return sum(
            r.path.startswith(prefix) and status in (None, r.status) for r in list(self.requests)
        )

    def forget(self) -> None:
        """Empty the log, for the second night."""
        self.requests.clear()
        self.violations.clear()
        self.most_in_flight = 0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="fake-github", daemon=True)
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the fake GitHub did not start")
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread is not None:
            self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self.serve())

    async def serve(self) -> None:
        """Listen until stopped."""
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(self._crashed)
        server = await asyncio.start_server(
            self._connection, self.host, self.port, limit=MAX_HEAD, backlog=512
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _crashed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        # else a mistake of ours would look like a reset, and be retried in silence
        mistake = context.get("exception")
        if mistake is not None and not isinstance(mistake, OSError):
            self.violations.append(f"the fake GitHub failed: {mistake!r}")

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await read_request(reader)) is not None:
                if not await self._handle(request, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _handle(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            credential = self.app.credential(request)
            profile = credential.profile if credential else "invalid"
            faults = self.faults.drawn(_plain(request), profile)
            stalled = sum(f.seconds for f in faults if f.kind == "stall")
            if self.latency or stalled:
                await asyncio.sleep(self.latency + stalled)
            in_flight = self._in_flight
            response = self._forbidden(request) or self.app.answer(
                request, faults=faults, in_flight=in_flight
            )
            self._record(request, response, profile, faults)
            return await _send(writer, response, _body_fault(faults), request)
        finally:
            self._in_flight -= 1

    def _forbidden(self, request: Request) -> Response | None:
        target = f"{request.path}?{request.query}"
        tokens = [c.token for c in (*self.vault.by_profile.values(), ANONYMOUS) if c.token]
        if any(token in target for token in tokens):
            self.violations.append(f"a token in the address of {request.method} {_plain(request)}")
        allowed = request.method == "GET" or (
            request.method == "POST"
            and (
                (request.path in GRAPHQL and not graphql_api.is_mutation(request.body))
                or request.path.endswith("/access_tokens")
            )
        )
        if allowed:
            return None
        self.violations.append(f"{request.method} {_plain(request)}")
        return Response.json({"message": "An inventory never writes."}, status=500)

    def _record(
        self, request: Request, response: Response, profile: str, faults: list[Fault]
    ) -> None:
        headers = request.headers
        self.requests.append(
            Recorded(
                number=len(self.requests) + 1,
                method=request.method,
                path=_plain(request),
                raw_path=request.path,
                query=request.query,
                status=response.status,
                profile=profile,
                resource=resource_of(request),
                at=time.monotonic() - self._began,
                fault=faults[0].kind if faults else None,
                conditional="if-none-match" in headers or "if-modified-since" in headers,
            )
        )


def _plain(request: Request) -> str:
    path = request.readable_path
    return path.removeprefix("/api/v3") if path.startswith("/api/v3/") else path


def _body_fault(faults: list[Fault]) -> str | None:
    return next((f.kind for f in faults if f.kind in BODY_KINDS), None)


async def _send(
    writer: asyncio.StreamWriter, response: Response, fault: str | None, request: Request
) -> bool:
    body = b"" if response.status == 304 else response.body
    half = body[: len(body) // 2]
    if fault == "truncate":
        body = half
    elif fault == "corrupt":
        body = half + bytes((b + 1) % 128 for b in body[len(half) :])
    if fault in ("cut", "reset"):
        writer.write(head_of(response, length=len(body) + 1) + half)
        await writer.drain()
        if fault == "reset":
            # what is in flight shall arrive before the reset does
            await asyncio.sleep(0.005)
            reset(writer)
        return False
    writer.write(head_of(response, length=len(body)) + body)
    await writer.drain()
    return request.headers.get("connection", "").lower() != "close"
