"""GitHub's limits: points an hour for each user, points a minute, requests at once."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

HOUR = 3600


@dataclass(slots=True)
class Budget:
    """What one user has spent of one resource in this window."""

    limit: int
    used: int
    reset: float


@dataclass(slots=True)
class Limits:
    """The limits that hold; a figure of None means that there is none.

    Attributes:
        enabled: False as on GitHub Enterprise Server: no limit, and no header either.
        per_minute: points of the secondary limit for REST.
        graphql_per_minute: the same for GraphQL.
        concurrency: requests in flight at once.
        retry_after: what a secondary limit says in its header; None says nothing.
        penalty: seconds a secondary limit lasts.
        skew: seconds by which the server's clock is ahead of ours.
    """

    enabled: bool = True
    core: int = 5000
    graphql: int = 5000
    audit_log: int = 1750
    window: float = HOUR
    per_minute: int | None = None
    graphql_per_minute: int | None = None
    concurrency: int | None = 100
    retry_after: int | None = 60
    penalty: float = 60
    status: int = 403
    skew: float = 0
    clock: Callable[[], float] = time.time
    budgets: dict[tuple[str, str], Budget] = field(default_factory=dict)
    blocked_until: float = 0
    refused_while_blocked: int = 0
    _recent: dict[str, deque[float]] = field(default_factory=dict, repr=False)

    def now(self) -> float:
        """Give the server's time."""
        return self.clock() + self.skew

    def budget(self, login: str, resource: str) -> Budget:
        """Give a user's budget, a fresh one when the hour is over."""
        key = (login, resource)
        limit = {"graphql": self.graphql, "audit_log": self.audit_log}.get(resource, self.core)
        found = self.budgets.get(key)
        if found is None or found.reset <= self.now():
            found = self.budgets[key] = Budget(limit, 0, self.now() + self.window)
        return found

    def exhausted(self, login: str, resource: str) -> bool:
        """Tell whether nothing is left."""
        budget = self.budget(login, resource)
        return self.enabled and budget.used >= budget.limit

    def spend(self, login: str, resource: str, points: int = 1) -> None:
        """Take points off a user's budget."""
        self.budget(login, resource).used += points

    def refund(self, login: str, resource: str) -> None:
        """Give a point back: a 304 is free."""
        budget = self.budget(login, resource)
        budget.used = max(0, budget.used - 1)

    def drain(self, login: str, resource: str) -> None:
        """Take everything off that is left."""
        budget = self.budget(login, resource)
        budget.used = budget.limit

    def block(self, seconds: float, *, retry_after: int | None, status: int) -> None:
        """Begin a secondary limit."""
        self.blocked_until = self.now() + seconds
        self.retry_after = retry_after
        self.status = status

    def too_fast(self, resource: str, in_flight: int) -> bool:
        """Tell whether a secondary limit holds, and begin one when it is due."""
        if not self.enabled:
            return False
        if self.now() < self.blocked_until:
            self.refused_while_blocked += 1
            return True
        if (self.concurrency and in_flight > self.concurrency) or self._minute_is_full(resource):
            self.block(self.penalty, retry_after=self.retry_after, status=self.status)
            return True
        return False

    def _minute_is_full(self, resource: str) -> bool:
        kind = "graphql" if resource == "graphql" else "rest"
        allowed = self.graphql_per_minute if kind == "graphql" else self.per_minute
        if allowed is None:
            return False
        recent = self._recent.setdefault(kind, deque())
        now = self.now()
        while recent and recent[0] <= now - 60:
            recent.popleft()
        recent.append(now)
        return len(recent) > allowed

    def headers(self, login: str, resource: str) -> dict[str, str]:
        """Write the budget as response headers."""
        if not self.enabled:
            return {}
        budget = self.budget(login, resource)
        return {
            "x-ratelimit-limit": str(budget.limit),
            "x-ratelimit-remaining": str(max(0, budget.limit - budget.used)),
            "x-ratelimit-reset": str(int(budget.reset)),
            "x-ratelimit-used": str(budget.used),
            "x-ratelimit-resource": resource,
        }
