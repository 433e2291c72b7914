"""Read fields of GitHub's JSON without trusting them: what isn't what it should be is None."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# What a database column of 64 bits holds.
_LARGEST = 2**63 - 1
_TEXT_BOUND = 65_536


@dataclass(frozen=True, slots=True)
class Malformed:
    """An item that lacks what would identify it; kept, so that a count never shrinks in silence."""

    kind: str
    # The model it should have been: "package", "repository", ...
    reason: str


def mapping(payload: Any, name: str) -> dict[str, Any] | None:
    """Read an object."""
    value = _field(payload, name)
    return value if isinstance(value, dict) else None


def sequence(payload: Any, name: str) -> tuple[Any, ...]:
    """Read a list; what isn't one is empty."""
    value = _field(payload, name)
    return tuple(value) if isinstance(value, list) else ()


def text(payload: Any, name: str) -> str | None:
    """Read a string, not longer than anything GitHub names."""
    value = _field(payload, name)
    return value[:_TEXT_BOUND] if isinstance(value, str) else None


def texts(payload: Any, name: str) -> tuple[str, ...]:
    """Read a list of strings, dropping what isn't one."""
    return tuple(item for item in sequence(payload, name) if isinstance(item, str))


def integer(payload: Any, name: str) -> int | None:
    """Read an integer that a database can hold; true and 1.0 are none."""
    value = _field(payload, name)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -_LARGEST <= value <= _LARGEST else None


def boolean(payload: Any, name: str) -> bool | None:
    """Read a truth value."""
    value = _field(payload, name)
    return value if isinstance(value, bool) else None


def instant(payload: Any, name: str) -> datetime | None:
    """Read a time as naive UTC, as the database keeps times."""
    return parse_instant(text(payload, name))


def parse_instant(value: str | None) -> datetime | None:
    """Read an ISO 8601 time as naive UTC; a time without a zone is UTC already."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def _field(payload: Any, name: str) -> Any:
    return payload.get(name) if isinstance(payload, dict) else None
