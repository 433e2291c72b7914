"""What a walk tells about itself while it runs; it prints nothing, whoever listens may."""

from datetime import datetime
from typing import Protocol


class Progress(Protocol):
    """Listens to a walk."""

    def started(self, family: str, *, total: int | None) -> None:
        """Hear that a family begins; the total is None where nobody knows it yet."""

    def advanced(self, family: str, *, done: int, total: int | None) -> None:
        """Hear how far a family has come."""

    def finished(self, family: str, *, done: int, detail: str) -> None:
        """Hear that a family ended; the detail is empty or one sentence about what is missing."""

    def waiting(self, *, until: datetime, reason: str) -> None:
        """Hear that requests wait for a limit to lift; the client tells it, by its `on_wait`."""


class Silent:
    """Listens and says nothing."""

    def started(self, family: str, *, total: int | None) -> None:
        """Say nothing."""

    def advanced(self, family: str, *, done: int, total: int | None) -> None:
        """Say nothing."""

    def finished(self, family: str, *, done: int, detail: str) -> None:
        """Say nothing."""

    def waiting(self, *, until: datetime, reason: str) -> None:
        """Say nothing."""
