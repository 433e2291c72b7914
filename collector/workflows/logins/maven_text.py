"""What Maven settings say of servers: `<server>` elements, or the JSON that actions take for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from collector.workflows.logins.texts import elements
from collector.workflows.logins.tools import unescaped

_VARIABLE: Final = re.compile(r"\$\{(?:env\.)?([A-Za-z_]\w*)\}")
_OBJECT: Final = re.compile(r"\{((?:[^{}]|\$\{[^{}]{0,200}\}){1,4000})\}")
_MEMBER: Final = re.compile(
    r"\\?[\"']([A-Za-z]{1,40})\\?[\"'][ \t\r\n]{0,20}:[ \t\r\n]{0,20}(?:\\?\"([^\"\\]*)\\?\"|'([^']*)')"
)
_TOKENS: Final = ("password", "privateKey", "value")
_SOURCES: Final = ("repository", "pluginRepository", "mirror", "snapshotRepository")


@dataclass(frozen=True, slots=True)
class Server:
    """One server with its credential.

    Attributes:
        url: the address of a repository with the server's id, empty where the text has none.
        variable: the environment variable that holds the credential, else empty.
    """

    id: str
    url: str
    credential: str
    variable: str
    offset: int


def servers(text: str) -> Iterator[Server]:
    """Yield the servers of a settings.xml, comments left out."""
    text = _without_comments(text)
    urls = addresses(text)
    for start, inside in elements(text, "server"):
        name = _text(inside, "id")
        for tag in _TOKENS:
            for at, value in elements(inside, tag):
                if tag == "value" and "authorization" not in inside.lower():
                    continue
                if value.strip():
                    yield _server(name, urls.get(name, ""), value.strip(), start + at)


def addresses(text: str) -> dict[str, str]:
    """Return the address of each repository and mirror of a settings.xml or a pom.xml, by id."""
    found: dict[str, str] = {}
    for tag in _SOURCES:
        for _, inside in elements(text, tag):
            found.setdefault(_text(inside, "id"), _text(inside, "url"))
    return found


def json_servers(text: str, repositories: str = "") -> Iterator[Server]:
    """Yield the servers of `[{"id": …, "username": …, "password": …}]`."""
    urls = {
        members["id"][0]: members["url"][0]
        for _, members in _objects(repositories)
        if "id" in members and "url" in members
    }
    for start, members in _objects(text):
        if "id" in members and "password" in members:
            name = members["id"][0]
            value, at = members["password"]
            yield _server(name, urls.get(name, ""), value, start + at)


def _objects(text: str) -> Iterator[tuple[int, dict[str, tuple[str, int]]]]:
    for match in _OBJECT.finditer(text):
        members = {
            m[1]: ((m[2] or m[3] or ""), m.start(2 if m[2] is not None else 3))
            for m in _MEMBER.finditer(match[1])
        }
        yield match.start(1), members


def _server(name: str, url: str, value: str, offset: int) -> Server:
    variable = _VARIABLE.fullmatch(value)
    return Server(name, url, unescaped(value), variable[1] if variable else "", offset)


def _text(inside: str, tag: str) -> str:
    return next((value.strip() for _, value in elements(inside, tag)), "")


def _without_comments(text: str) -> str:
    """Blank comments out, every offset kept."""
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        end = len(text) if end < 0 else end + 3
        pieces.extend((text[at:start], re.sub(r"[^\n]", " ", text[start:end])))
        at = end
    return "".join((*pieces, text[at:]))
