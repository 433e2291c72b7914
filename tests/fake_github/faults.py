"""Everything that can go wrong on the way, switched on by path, by share or by number."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_github.world import World

BODY_KINDS = frozenset({"cut", "truncate", "reset", "corrupt"})


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        kind: status, secondary, primary, action, revoke, stall, or one that breaks the body: cut
            (fewer bytes than announced, then closed), truncate (half the text, right length),
            reset (in mid-body), corrupt (right length, other bytes).
        path: only for paths like this one (`*` matches anything), "/graphql" included.
        share: only for this share of the matching requests, drawn from the seed.
        start: only from the n-th matching request on (the first is 1).
        times: at most so often.
    """

    kind: str
    path: str = "*"
    status: int = 0
    share: float = 1.0
    start: int = 1
    times: int | None = None
    profile: str | None = None
    retry_after: int | None = None
    seconds: float = 0.0
    message: str = ""
    action: Callable[[World], object] | None = None
    matched: int = 0
    fired: int = 0


@dataclass(slots=True)
class Faults:
    """All faults that are switched on; several may be, the first that fires wins."""

    seed: int = 1
    active: list[Fault] = field(default_factory=list)
    _random: random.Random = field(init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on and return it: `fired` counts how often it did."""
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Switch everything off."""
        self.active.clear()

    def status(
        self,
        status: int,
        *,
        path: str = "*",
        share: float = 1.0,
        start: int = 1,
        times: int | None = None,
        message: str = "",
    ) -> Fault:
        """Answer with this status."""
        return self.add(Fault("status", path, status, share, start, times, message=message))

    def broken_body(
        self,
        kind: str,
        *,
        path: str = "*",
        share: float = 1.0,
        start: int = 1,
        times: int | None = None,
    ) -> Fault:
        """Break the body: cut, truncate, reset or corrupt."""
        return self.add(Fault(kind, path, share=share, start=start, times=times))

    def stall(
        self, seconds: float, *, path: str = "*", share: float = 1.0, times: int | None = None
    ) -> Fault:
        """Say nothing for so long, then answer."""
        return self.add(Fault("stall", path, share=share, times=times, seconds=seconds))

    def secondary(
        self,
        *,
        start: int = 1,
        path: str = "*",
        seconds: float = 60,
        retry_after: int | None = None,
        status: int = 403,
        times: int | None = 1,
    ) -> Fault:
        """Begin a secondary limit that lasts; every request meanwhile is refused too."""
        return self.add(
            Fault(
                "secondary",
                path,
                status,
                start=start,
                times=times,
                retry_after=retry_after,
                seconds=seconds,
            )
        )

    def primary(self, *, start: int, times: int | None = 1) -> Fault:
        """Spend the whole primary budget at the n-th request."""
        return self.add(Fault("primary", start=start, times=times))

    def revoke(self, *, start: int, path: str = "*", profile: str | None = None) -> Fault:
        """Answer 401 from the n-th request on."""
        return self.add(Fault("revoke", path, 401, start=start, profile=profile))

    def change(self, action: Callable[[World], object], *, start: int, path: str = "*") -> Fault:
        """Change the world just before the n-th matching request is answered."""
        return self.add(Fault("action", path, start=start, times=1, action=action))

    def drawn(self, path: str, profile: str) -> list[Fault]:
        """Give the faults that hit this request."""
        with self._lock:
            return [f for f in self.active if self._hits(f, path, profile)]

    def _hits(self, fault: Fault, path: str, profile: str) -> bool:
        if not fnmatchcase(path, fault.path) or fault.profile not in (None, profile):
            return False
        fault.matched += 1
        if fault.matched < fault.start or (fault.times is not None and fault.fired >= fault.times):
            return False
        if fault.share < 1 and self._random.random() >= fault.share:
            return False
        fault.fired += 1
        return True
