"""HTTP/1.1 as bytes: one request read, one response written, and the ways to break it."""

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

MAX_HEAD = 65_536
MAX_BODY = 4_194_304


@dataclass(frozen=True)
class Request:
    """What the client sent; `path` is as on the wire, still percent-encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @cached_property
    def params(self) -> dict[str, str]:
        """Give the query's parameters, the last of each name."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def readable_path(self) -> str:
        """Give the path as a person would write it."""
        return unquote(self.path)


@dataclass(slots=True)
class Response:
    """What the server means to say."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, *, status: int = 200, **headers: str) -> "Response":
        """Write a value as GitHub does: compact, UTF-8 as it is."""
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        named = {"content-type": "application/json; charset=utf-8"}
        named |= {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, text.encode(), named)


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Read one request; None when the client has gone."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, *_ = [*first.split(" "), "/", "HTTP/1.1"]
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    stated = headers.get("content-length", "0")
    length = min(int(stated), MAX_BODY) if stated.isdecimal() else 0
    body = await reader.readexactly(length) if length else b""
    path, _, query = target.partition("?")
    return Request(method, path, query, headers, body)


def head_of(response: Response, *, length: int) -> bytes:
    """Write status line and headers, claiming a body of that length."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {response.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    if response.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"content-length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, not with an orderly end."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
