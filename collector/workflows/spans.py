"""Where the `${{ }}` of a text begin and end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """One `${{ }}` in a text: start and end of the whole, and what is inside."""

    start: int
    end: int
    inner: str
    inner_start: int


def spans(text: str) -> list[Span]:
    """Find the expressions in a text; one that is never closed is none."""
    found: list[Span] = []
    at = text.find("${{")
    while at >= 0:
        end = _end(text, at + 3)
        if end < 0:
            break
        found.append(Span(at, end, text[at + 3 : end - 2], at + 3))
        at = text.find("${{", end)
    return found


def _end(text: str, start: int) -> int:
    """Return the offset after the `}}` that closes; quoted ones do not close."""
    quoted = False
    at = start
    while True:
        close = text.find("}}", at)
        if close < 0:
            return -1
        quote = text.find("'", at, close) if not quoted else text.find("'", at)
        if not quoted and quote < 0:
            return close + 2
        if quote < 0:
            return -1
        quoted = not quoted
        at = quote + 1
