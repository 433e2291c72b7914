"""What an .npmrc says of credentials: `//host/:_authToken=token`, in a file or on a command line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from collector.workflows.flat import Flat
from collector.workflows.terms import Literal, Term, plain

_KEYED: Final = re.compile(
    r":(_authToken|_auth|_password)[\"'\]]{0,2}[ \t]*[=:,]?[ \t]*[\"']?([^\s\"';,]+)"
)
_BARE: Final = re.compile(r"^[ \t]*(_authToken|_auth)[ \t]*=[ \t]*[\"']?([^\s\"';]+)", re.MULTILINE)
_REGISTRY: Final = re.compile(r"^[ \t]*registry[ \t]*=[ \t]*[\"']?([^\s\"';]+)", re.MULTILINE)
_HEAD_LENGTH: Final = 300
VARIABLE: Final = re.compile(r"\$\{?([A-Za-z_]\w*)(?:[:?-][^}]*)?\}?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One credential in an .npmrc.

    Attributes:
        variable: the environment variable that npm reads it from, else empty.
        offset: in the text.
    """

    host: Term
    credential: Term
    variable: str
    offset: int


def entries(flat: Flat) -> Iterator[Entry]:
    """Yield the credentials of a text, comments left out."""
    text = flat.text
    for match in _KEYED.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        if text[start : match.start()].lstrip()[:1] in (";", "#"):
            continue
        head = text[max(start, match.start() - _HEAD_LENGTH) : match.start()]
        host = re.split(r"[\s'\"=|,(]", head)[-1].rstrip("/")
        if host.lstrip("-/"):
            yield _entry(flat, host.lstrip("-"), match[2], match.start(2))
    registry = _REGISTRY.search(text)
    for match in _BARE.finditer(text) if registry else ():
        yield _entry(flat, registry[1] if registry else "", match[2], match.start(2))


def _entry(flat: Flat, host: str, value: str, offset: int) -> Entry:
    line = flat.line_of(offset)
    variable = VARIABLE.fullmatch(value)
    credential = flat.term(value, line=line)
    return Entry(flat.term(host, line=line), credential, variable[1] if variable else "", offset)


def variable_of(term: Term) -> str:
    """Return the variable that constant text such as `${TOKEN}` names, else an empty string."""
    match = VARIABLE.fullmatch((plain(term) or "").strip()) if not _dynamic(term) else None
    return match[1] if match else ""


def _dynamic(term: Term) -> bool:
    return not isinstance(term, Literal)
