"""The functions and operators of GitHub's expressions over known values."""

import json
import math
from collections.abc import Callable
from typing import Any, Final

from collector.workflows.terms import Constant, as_text

MAX_JSON: Final = 100_000


class Undecidable(Exception):  # noqa: N818 - it is an answer, not an error that anyone sees
    """A function can't be computed from what is known."""


def truthy(value: Constant) -> bool:
    """Tell what a value counts as in a condition."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return isinstance(value, (list, dict)) or bool(value)


def number(value: Constant) -> float:
    """Convert to a number as the comparison operators do."""
    if value is None:
        return 0.0
    if isinstance(value, (bool, int, float)):
        return float(value)
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return 0.0
        try:
            return float(int(text, 0)) if text[:2] in ("0x", "0o") else float(text)
        except (ValueError, OverflowError):
            return math.nan
    return math.nan


def equal(left: Constant, right: Constant) -> bool:
    """Compare loosely: text without case, else as numbers."""
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
        return left is right
    if left is None and right is None:
        return True
    return number(left) == number(right)


def compare(operator: str, left: Constant, right: Constant) -> bool:
    """Compute a comparison operator."""
    if operator == "==":
        return equal(left, right)
    if operator == "!=":
        return not equal(left, right)
    low: Any = left.casefold() if isinstance(left, str) else left
    high: Any = right.casefold() if isinstance(right, str) else right
    if not (isinstance(low, str) and isinstance(high, str)):
        low, high = number(left), number(right)
    return bool(_ORDER[operator](low, high))


_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _contains(args: list[Constant]) -> Constant:
    where, what = args[0], args[1]
    if isinstance(where, list):
        return any(equal(item, what) for item in where)
    return as_text(what).casefold() in as_text(where).casefold()


def _starts_with(args: list[Constant]) -> Constant:
    return as_text(args[0]).casefold().startswith(as_text(args[1]).casefold())


def _ends_with(args: list[Constant]) -> Constant:
    return as_text(args[0]).casefold().endswith(as_text(args[1]).casefold())


def _from_json(args: list[Constant]) -> Constant:
    text = as_text(args[0])
    if len(text) > MAX_JSON:
        raise Undecidable
    try:
        value: Constant = json.loads(text)
    except (ValueError, RecursionError):
        raise Undecidable from None
    return value


def _to_json(args: list[Constant]) -> Constant:
    return json.dumps(_whole(args[0]), indent=2)


def _whole(value: Constant) -> Any:
    """Return a value with numbers as JSON writes them: 1, not 1.0."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _join(args: list[Constant]) -> Constant:
    separator = as_text(args[1]) if len(args) > 1 else ","
    if isinstance(args[0], list):
        return separator.join(as_text(item) for item in args[0])
    return as_text(args[0])


def _lower(args: list[Constant]) -> Constant:
    return as_text(args[0]).lower()


FUNCTIONS: Final[dict[str, tuple[int, Callable[[list[Constant]], Constant]]]] = {
    "contains": (2, _contains),
    "startswith": (2, _starts_with),
    "endswith": (2, _ends_with),
    "fromjson": (1, _from_json),
    "tojson": (1, _to_json),
    "join": (1, _join),
    "shell.lower": (1, _lower),
}


class Filtered(list[Any]):
    """What `.*` leaves: properties and indices are those of its items."""


def index(base: Constant, key: Constant) -> Constant:
    """Compute `base[key]` or `base.key`; what is not there is null, as GitHub has it."""
    if isinstance(base, Filtered):
        found = [index(item, key) for item in base]
        return Filtered(item for item in found if item is not None)
    if isinstance(base, (dict, list)) and key == "*":
        return Filtered(base.values() if isinstance(base, dict) else base)
    if isinstance(base, dict):
        wanted = as_text(key).casefold()
        return next((v for k, v in base.items() if k.casefold() == wanted), None)
    if isinstance(base, list):
        at = number(key)
        return base[int(at)] if not math.isnan(at) and 0 <= at < len(base) else None
    return None


def format_pieces(pattern: str) -> list[str | int]:
    """Split a `format` pattern into text and argument numbers.

    Raises:
        Undecidable: the pattern is one that GitHub refuses.
    """
    pieces: list[str | int] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char not in "{}":
            end = min(
                (p for p in (pattern.find("{", at), pattern.find("}", at)) if p >= 0),
                default=len(pattern),
            )
            pieces.append(pattern[at:end])
            at = end
        elif pattern[at : at + 2] == char * 2:
            pieces.append(char)
            at += 2
        else:
            close = pattern.find("}", at)
            digits = pattern[at + 1 : close]
            if char == "}" or close < 0 or not (digits.isascii() and digits.isdigit()):
                raise Undecidable
            pieces.append(int(digits[:4]))
            at = close + 1
    return pieces
