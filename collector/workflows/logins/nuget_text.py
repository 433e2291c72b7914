"""What a nuget.config says: sources by name, their credentials, and API keys by address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from collector.workflows.logins.texts import elements
from collector.workflows.logins.tools import unescaped

_ADD: Final = re.compile(r"<add\s([^<>]{1,4000})>")
_ATTRIBUTE: Final = re.compile(
    r"(key|value)\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|\\\"([^\"\\]*)\\\")", re.IGNORECASE
)
_BLOCK: Final = re.compile(r"<([A-Za-z_][\w.-]{0,200})>")
_MAX_BLOCKS: Final = 200
_VARIABLE: Final = re.compile(r"%([A-Za-z_]\w*)%|\$\{?env:([A-Za-z_]\w*)\}?")


@dataclass(frozen=True, slots=True)
class Credential:
    """One password or key in a nuget.config.

    Attributes:
        host: the source's address, empty where the text has none by that name.
        source: the source's name, empty for an API key.
        variable: the environment variable that holds the value, else empty.
    """

    host: str
    source: str
    value: str
    variable: str
    offset: int


def credentials(text: str) -> Iterator[Credential]:
    """Yield the credentials of a nuget.config."""
    sources = dict(packages(text))
    for start, inside in elements(text, "packageSourceCredentials"):
        for match in islice(_BLOCK.finditer(inside), _MAX_BLOCKS):
            end = inside.find(f"</{match[1]}>", match.end())
            source = decoded(match[1])
            for at, key, value in _adds(inside[match.end() : max(end, 0)]):
                if key.lower() in ("cleartextpassword", "password"):
                    offset = start + match.end() + at
                    yield _credential(sources.get(source.lower(), ""), source, value, offset)
    for start, inside in elements(text, "apikeys"):
        for at, key, value in _adds(inside):
            host = sources.get(key.lower(), key)
            yield _credential(host, "", value, start + at)


def packages(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name in lower case and the address of each source of a nuget.config."""
    for _, inside in elements(text, "packageSources"):
        for _, key, value in _adds(inside):
            yield key.lower(), value


def decoded(name: str) -> str:
    """Return a source's name without the escapes that XML and variable names need."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), name)


def _adds(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _ADD.finditer(text):
        found = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(match[1])}
        if "key" in found:
            yield match.start(), found["key"], found.get("value", "")


def _credential(host: str, source: str, value: str, offset: int) -> Credential:
    variable = _VARIABLE.fullmatch(value.strip())
    name = (variable[1] or variable[2]) if variable else ""
    return Credential(host, source, unescaped(value), name, offset)
