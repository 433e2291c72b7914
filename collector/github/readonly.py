"""The only requests that may ever leave: GET, GraphQL queries, and App token exchanges."""

import json
import re
from urllib.parse import urlsplit

from collector.github.protocol import Request

_ACCESS_TOKENS = re.compile(r"/app/installations/[0-9]{1,20}/access_tokens")
# https://spec.graphql.org/October2021/#sec-Language.Source-Text: what hides or holds a brace.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r'|"(?!"")(?:[^"\\\n]|\\.)*"'
    r"|#[^\n\r]*"
    r"|[_A-Za-z][_0-9A-Za-z]*"
    r"|[{}()]"
    r'|"',
    re.DOTALL,
)
_OPENING, _CLOSING = frozenset("{("), frozenset("})")
_WRITING = frozenset({"mutation", "subscription"})


class WriteRefusedError(Exception):
    """This program tried to send what could change something: a defect, never a user's mistake."""


def is_query(text: str) -> bool:
    """Tell whether GraphQL text holds nothing but queries and fragments."""
    depth, definitions = 0, 0
    for lexeme in _TOKEN.findall(text):
        if lexeme == '"':
            return False
        if lexeme in _OPENING:
            definitions += depth == 0
            depth += 1
        elif lexeme in _CLOSING:
            depth -= 1
            if depth < 0:
                return False
        elif depth == 0 and lexeme in _WRITING:
            return False
    return depth == 0 and definitions > 0


def refuse_writes(request: Request, *, api_url: str, graphql_url: str) -> None:
    """Let a reading request pass.

    Raises:
        WriteRefusedError: the request could change something on GitHub.
    """
    if request.method == "GET" and not request.body:
        return
    if request.method == "POST" and request.url == graphql_url and _holds_query(request.body):
        return
    if request.method == "POST" and _is_token_exchange(request.url, api_url=api_url):
        return
    raise WriteRefusedError(f"refused to send {request.method} {urlsplit(request.url).path}")


def _holds_query(body: bytes) -> bool:
    try:
        sent = json.loads(body)
    except ValueError:
        return False
    text = sent.get("query") if isinstance(sent, dict) else None
    return isinstance(text, str) and is_query(text)


def _is_token_exchange(url: str, *, api_url: str) -> bool:
    root = api_url.rstrip("/")
    return url.startswith(root) and _ACCESS_TOKENS.fullmatch(url.removeprefix(root)) is not None
