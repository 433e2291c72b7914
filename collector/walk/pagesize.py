"""How many repositories one GraphQL query asks for: fewer after a failure, more after successes."""

from dataclasses import dataclass
from typing import Final

# Larger pages hit GitHub's ten seconds: https://github.com/cartography-cncf/cartography/issues/2101
LARGEST: Final = 25
_SUCCESSES_TO_GROW: Final = 8


@dataclass(slots=True)
class PageSize:
    """The size of the next query, shared by everyone who asks."""

    current: int = LARGEST
    largest: int = LARGEST
    _successes: int = 0

    def failed(self, size: int) -> None:
        """Halve, unless someone else's failure at this size has already done so."""
        self._successes = 0
        self.current = max(1, min(self.current, size // 2))

    def succeeded(self) -> None:
        """Double after a run of good answers: one slow moment must not cost the whole night."""
        self._successes += 1
        if self._successes >= _SUCCESSES_TO_GROW and self.current < self.largest:
            self._successes = 0
            self.current = min(self.largest, self.current * 2)
