"""Record answers to a cassette, scrubbed, and replay them: the same wire, without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from collector.errors import UsageError
from collector.github.protocol import Request, Response
from collector.redact import scrub

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILE_NAME = "interactions.jsonl"
# One answer a line, so that a recording shows well in a diff.

# What the client and the walk read. Dates, limits and ETags change from one recording to the next.
_KEPT_HEADERS = frozenset(
    {
        "content-type",
        "github-authentication-token-expiration",
        "link",
        "location",
        "retry-after",
        "x-accepted-github-permissions",
        "x-github-request-id",
        "x-github-sso",
        "x-oauth-scopes",
    }
)
_BASE = "{the-api}"
# Stands for the API's address wherever the server wrote it.

MASKED_HEADER = "x-cassette-masked"
# On a replayed body from which a literal credential was removed: it no longer has its git id.


class Sender(Protocol):
    """Puts one request on a wire."""

    async def send(self, request: Request, *, max_bytes: int) -> Response:
        """Send one request and read its whole answer."""

    async def close(self) -> None:
        """Close what is open."""


class Recorder:
    """Passes requests on and keeps the answers, credentials removed, in a cassette folder.

    Args:
        sender: the wire that really asks.
        folder: where the cassette goes; created with mode 0700, the file with 0600.
        api_url: the API's address, which a cassette does not keep.
        mask: takes a body that may be a file of a repository and returns it with literal
            credentials masked at equal length, and how many there were.
    """

    def __init__(
        self,
        sender: Sender,
        folder: Path,
        *,
        api_url: str,
        mask: Callable[[bytes], tuple[bytes, int]],
    ) -> None:
        self._sender = sender
        self._api_url = api_url
        self._mask = mask
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
            self._file = os.fdopen(os.open(folder / FILE_NAME, flags, 0o600), "w", encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"The cassette {folder} can't be written: {error.strerror}.",
                hint="Name a folder that can be written with --record.",
            ) from error

    async def send(self, request: Request, *, max_bytes: int) -> Response:
        """Send one request, keep its answer and return it."""
        response = await self._sender.send(request, max_bytes=max_bytes)
        line = json.dumps(self._interaction(request, response), ensure_ascii=False, sort_keys=True)
        self._file.write(line + "\n")
        self._file.flush()
        return response

    async def close(self) -> None:
        """Close the cassette and the wire."""
        self._file.close()
        await self._sender.close()

    def _interaction(self, request: Request, response: Response) -> dict[str, Any]:
        headers = {
            name: scrub(text.replace(self._api_url, _BASE))
            for name, text in response.headers.items()
            if name in _KEPT_HEADERS
        }
        body, masked = self._mask(response.body)
        if urlsplit(request.url).path.endswith("/access_tokens"):
            body, masked = b'{"token": "ghs_replayed", "expires_at": "2100-01-01T00:00:00Z"}', 0
        if masked:
            headers[MASKED_HEADER] = str(masked)
        return {
            **_question(request, api_url=self._api_url),
            "status": response.status,
            "headers": headers,
            **_body_fields(body, api_url=self._api_url),
        }


class Player:
    """Answers from a cassette; a question that was never asked is an error that names it.

    The same question asked again gets its answers in the order of the recording, the last one
    for ever.
    """

    def __init__(self, folder: Path, *, api_url: str) -> None:
        self._api_url = api_url
        self._folder = folder
        self._answers: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for entry in _read(folder):
            self._answers[_key(entry)].append(entry)

    async def send(self, request: Request, *, max_bytes: int) -> Response:
        """Return the recorded answer to a request."""
        question = _question(request, api_url=self._api_url)
        answers = self._answers.get(_key(question))
        if not answers:
            raise UsageError(
                f"The cassette {self._folder} has no answer to"
                f" {question['method']} {question['path']}.",
                hint="Record it again with the same options: --record.",
            )
        entry = answers.pop(0) if len(answers) > 1 else answers[0]
        body = _body(entry, api_url=self._api_url)
        headers = {
            name: text.replace(_BASE, self._api_url) for name, text in entry["headers"].items()
        }
        return Response(entry["status"], headers, body[: max_bytes + 1])

    async def close(self) -> None:
        """Nothing is open."""


def _question(request: Request, *, api_url: str) -> dict[str, Any]:
    question: dict[str, Any] = {
        "method": request.method,
        "path": request.url.removeprefix(api_url),
        "accept": request.headers.get("accept", ""),
    }
    if request.body:
        question["body_sha256"] = hashlib.sha256(request.body).hexdigest()
    return question


def _key(entry: Mapping[str, Any]) -> str:
    parts = (entry["method"], entry["path"], entry["accept"], entry.get("body_sha256", ""))
    return " ".join(parts)


def _body_fields(body: bytes, *, api_url: str) -> dict[str, Any]:
    try:
        return {"text": body.decode("utf-8").replace(api_url, _BASE)}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def _body(entry: Mapping[str, Any], *, api_url: str) -> bytes:
    if "base64" in entry:
        return base64.b64decode(entry["base64"])
    return str(entry["text"]).replace(_BASE, api_url).encode("utf-8")


def _read(folder: Path) -> list[dict[str, Any]]:
    path = folder / FILE_NAME
    try:
        # A JSON string may hold what str.splitlines() takes for the end of a line.
        lines = path.read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines if line]
    except OSError as error:
        raise UsageError(
            f"The cassette {folder} can't be read: {error.strerror}.",
            hint="Name a folder that --record wrote.",
        ) from error
    except ValueError as error:
        raise UsageError(f"The cassette {path} is damaged: {error}.") from error
