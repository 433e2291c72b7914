"""GitHub's rate limits of one credential as a state machine: no clock, no waiting, no network.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from collector.errors import RateLimitError
from collector.github.outcomes import Outcome
from collector.github.protocol import http_date

CORE, GRAPHQL, SEARCH, AUDIT_LOG = "core", "graphql", "search", "audit_log"

_SHORTEST_BACKOFF = 60.0
_LONGEST_BACKOFF = 1800.0
# A header may say anything; nothing GitHub documents lasts longer than an hour.
_LONGEST_HEADER = 86_400.0
# What is fallen back to when a server without known limits refuses: GitHub's 900 points a minute.
_DEFAULT_RATE = 14.0
_SLOWEST_RATE = 2.0
_FASTEST_RATE = 200.0
# So many answers without a refusal, and the rate is doubled again.
_TRUSTED_AFTER = 50


class LimitKind(StrEnum):
    """Which limit holds the requests back."""

    PRIMARY = "rate limit"
    SECONDARY = "secondary rate limit"


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """How a run behaves towards the limits."""

    requests_per_second: float = _DEFAULT_RATE
    # Evenly spaced, under 900 points a minute; 0: no spacing (GHES without limits, tests).
    max_in_flight: int = 10
    # GitHub allows 100 at once for a user, over all programs.
    max_wait: float = 6 * 3600.0
    # Seconds that all pauses of the run may take together.
    max_refusals: int = 10
    # Refusals in a row, each after a longer pause, before giving up: going on risks a ban.


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pause that someone waits for."""

    kind: LimitKind
    credential: str
    resource: str
    seconds: float
    until: datetime

    def __str__(self) -> str:
        minutes = max(1, round(self.seconds / 60))
        wait = f"{minutes} min" if self.seconds >= _SHORTEST_BACKOFF else f"{self.seconds:.0f} s"
        return f"waiting {wait} for the {self.kind} to reset at {self.until:%H:%M}Z"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to send one request."""

    resource: str
    generation: int
    # Of the pauses, when it was given: a refusal of an older ticket is no news.
    probes: tuple[str, ...]
    # The pauses that this request, sent alone, shows to be over or not.


@dataclass(frozen=True, slots=True)
class Hold:
    """No leave yet: ask again at a time, or (None) when another request has finished."""

    until: float | None
    waiting: Waiting | None = None
    # Set once for each pause, for whoever reports progress.


@dataclass(slots=True)
class _Pause:
    """The state of one limit: until when nothing may go out, and how often it was refused."""

    kind: LimitKind
    until: float = 0.0
    charged_until: float = 0.0
    # Up to here the pause is counted in `Gate.waited` and was announced.
    ends_at: datetime = datetime.min  # noqa: DTZ901 -- never shown before a pause sets it
    refusals: int = 0
    generation: int = 0
    proving: bool = False
    # After a refusal the first request goes alone: it shows whether the limit has lifted.
    probing: bool = False


@dataclass(slots=True)
class Gate:
    """All limits of one credential. `now` is a monotonic time, `wall` the time of day."""

    credential: str
    policy: LimitPolicy
    waited: float = 0.0
    in_flight: int = 0
    refused: int = 0
    _rate: float = field(init=False)
    _next_slot: float = 0.0
    _accepted: int = 0
    # One for each resource; the empty name is the secondary limit, which all resources share.
    _pauses: dict[str, _Pause] = field(init=False)

    def __post_init__(self) -> None:
        self._rate = max(0.0, self.policy.requests_per_second)
        self._pauses = {"": _Pause(LimitKind.SECONDARY)}

    def ask(self, resource: str, *, now: float) -> Ticket | Hold:
        """Give leave to send one request now, or say how long to hold it.

        Raises:
            RateLimitError: the limits ask for more patience than the run has.
        """
        pauses = self._pauses_of(resource)
        for pause in pauses.values():
            if pause.refusals > self.policy.max_refusals:
                raise self._refused_too_often(pause)
            if now < pause.until:
                return Hold(pause.until, self._charge(pause, resource, now=now))
        probing = any(pause.probing for pause in pauses.values())
        if probing or self.in_flight >= self.policy.max_in_flight:
            return Hold(None)
        return Hold(self._next_slot) if now < self._next_slot else self._admit(resource, now=now)

    def finish(
        self,
        ticket: Ticket,
        *,
        outcome: Outcome | None,
        headers: Mapping[str, str],
        now: float,
        wall: datetime,
    ) -> None:
        """Learn from an answer; `outcome` None: none came."""
        self.in_flight -= 1
        for name in ticket.probes:
            self._pauses[name].probing = False
        own = self._pauses_of(ticket.resource)[ticket.resource]
        if outcome is Outcome.SECONDARY_LIMIT:
            self._refuse(self._pauses[""], ticket, headers=headers, now=now, wall=wall)
        elif outcome is Outcome.PRIMARY_LIMIT:
            self._refuse(own, ticket, headers=headers, now=now, wall=wall)
        elif outcome is not None:
            self._accept(ticket)
            self._foresee(own, headers=headers, now=now, wall=wall)

    def _pauses_of(self, resource: str) -> dict[str, _Pause]:
        own = self._pauses.setdefault(resource, _Pause(LimitKind.PRIMARY))
        return {"": self._pauses[""], resource: own}

    def _generation(self, resource: str) -> int:
        return sum(pause.generation for pause in self._pauses_of(resource).values())

    def _admit(self, resource: str, *, now: float) -> Ticket:
        self.in_flight += 1
        if self._rate > 0:
            self._next_slot = max(now, self._next_slot) + 1 / self._rate
        pauses = self._pauses_of(resource)
        probes = tuple(name for name, pause in pauses.items() if pause.proving)
        for name in probes:
            pauses[name].probing = True
        return Ticket(resource, self._generation(resource), probes)

    def _accept(self, ticket: Ticket) -> None:
        if ticket.generation == self._generation(ticket.resource):
            for pause in self._pauses_of(ticket.resource).values():
                pause.proving, pause.refusals = False, 0
        self._accepted += 1
        if self._accepted >= _TRUSTED_AFTER:
            self._speed_up()

    def _refuse(
        self,
        pause: _Pause,
        ticket: Ticket,
        *,
        headers: Mapping[str, str],
        now: float,
        wall: datetime,
    ) -> None:
        self.refused += 1
        self._accepted = 0
        fresh = ticket.generation == self._generation(ticket.resource)
        if fresh:
            pause.generation += 1
            pause.refusals += 1
            if pause.kind is LimitKind.SECONDARY:
                self._slow_down()
        pause.proving = True
        asked = wait_seconds(headers, wall=wall)
        seconds = _SHORTEST_BACKOFF if asked is None else asked
        if fresh:
            longer = seconds * 2.0 ** min(pause.refusals - 1, 10)
            seconds = max(seconds, min(longer, _LONGEST_BACKOFF))
        self._hold(pause, seconds=seconds, now=now, wall=wall)

    def _foresee(
        self, own: _Pause, *, headers: Mapping[str, str], now: float, wall: datetime
    ) -> None:
        """Hold the next request when this answer says that it would be refused."""
        if headers.get("x-ratelimit-remaining", "").strip() == "0":
            seconds = wait_seconds(headers, wall=wall)
            if seconds is not None:
                self._hold(own, seconds=seconds, now=now, wall=wall)

    def _hold(self, pause: _Pause, *, seconds: float, now: float, wall: datetime) -> None:
        if now + seconds > pause.until:
            pause.until = now + seconds
            pause.ends_at = datetime.fromtimestamp(wall.timestamp() + seconds, tz=UTC)

    def _charge(self, pause: _Pause, resource: str, *, now: float) -> Waiting | None:
        """Count a pause that someone waits for, once."""
        if pause.until <= pause.charged_until:
            return None
        self.waited += pause.until - max(now, pause.charged_until)
        pause.charged_until = pause.until
        if self.waited > self.policy.max_wait:
            raise RateLimitError(
                f"The {pause.kind} of credential {self.credential} resets at "
                f"{pause.ends_at:%Y-%m-%d %H:%M}Z, later than the run may wait.",
                hint="Run it again after that: it goes on where it stopped. "
                "A GitHub App may have a larger budget than a personal access token.",
            )
        return Waiting(pause.kind, self.credential, resource, pause.until - now, pause.ends_at)

    def _refused_too_often(self, pause: _Pause) -> RateLimitError:
        return RateLimitError(
            f"GitHub refused credential {self.credential} {pause.refusals} times in a row "
            f"({pause.kind}), after longer and longer pauses.",
            hint="Wait an hour, then run it again: it goes on where it stopped.",
        )

    def _slow_down(self) -> None:
        """Space requests wider after a secondary limit: they came too fast."""
        slowest = min(_SLOWEST_RATE, self._rate)
        self._rate = max(slowest, self._rate / 2) if self._rate > 0 else _DEFAULT_RATE

    def _speed_up(self) -> None:
        """Go back to the rate that was asked for, by and by; 0 is no limit at all."""
        self._accepted = 0
        wanted = self.policy.requests_per_second
        doubled = self._rate * 2
        if wanted > 0:
            self._rate = min(doubled, wanted)
        else:
            self._rate = doubled if doubled < _FASTEST_RATE else 0.0


def resource_of(url: str) -> str:
    """Tell which of GitHub's separate budgets a request spends."""
    path = urlsplit(url).path
    if path.endswith("/graphql"):
        return GRAPHQL
    if path.endswith("/audit-log"):
        return AUDIT_LOG
    return SEARCH if "/search/" in path else CORE


def wait_seconds(headers: Mapping[str, str], *, wall: datetime) -> float | None:
    """Read how long GitHub says to wait: `retry-after`, else until the reset; None: it doesn't say.

    Both the reset and `Date` are GitHub's own clock, so a wrong clock here changes nothing.
    """
    server_now = http_date(headers.get("date")) or wall
    retry_after = _retry_after(headers.get("retry-after"), server_now=server_now)
    if retry_after is not None:
        return _bounded(retry_after)
    reset = _number(headers.get("x-ratelimit-reset"))
    if headers.get("x-ratelimit-remaining", "").strip() != "0" or reset is None:
        return None
    # One second more: both times are whole seconds.
    return _bounded(reset - server_now.timestamp() + 1)


def _retry_after(text: str | None, *, server_now: datetime) -> float | None:
    seconds = _number(text)
    if seconds is not None:
        return seconds
    moment = http_date(text)
    return None if moment is None else moment.timestamp() - server_now.timestamp() + 1


def _number(text: str | None) -> float | None:
    stripped = (text or "").strip()
    return float(stripped) if stripped.isascii() and stripped.isdigit() else None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 1.0), _LONGEST_HEADER)
