"""Literal credentials are covered before anything is stored or said: by shape, then by use.

A credential that shows itself (a token's shape, the word `password` before it) is covered wherever
it stands. One that only its use betrays (`echo hunter2 | docker login …`, an env entry that a
login reads) is found by reading the file: it is covered at a place where doing so leaves the
file's logins as they are.
"""

import base64
import binascii
import re
from typing import Final, NamedTuple

from collector.workflows.covering import Coverer
from collector.workflows.document import MAX_BYTES
from collector.workflows.facts import FileFacts
from collector.workflows.parsing import parse_file
from collector.workflows.token_shapes import cover_shapes

_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_WORKFLOW: Final = ".github/workflows/a.yml"
_LOOKS_LIKE_WORKFLOW: Final = re.compile(rb"(?m)^(?:jobs|runs|registries)\s*:")
_BASE64_BODY: Final = re.compile(rb'"content"\s*:\s*"([A-Za-z0-9+/=\\n]{8,})"')


class Masked(NamedTuple):
    """A text without literal credentials, of the same length."""

    data: bytes
    covered: int


def mask_literals(data: bytes, *, path: str = "") -> Masked:
    """Cover the literal credentials of a file, or of an API answer that holds one.

    Args:
        data: the bytes as they came.
        path: where the file lies, which decides how it is read; left out, its text decides.
    """
    if not path and data[:1] == b"{":
        return _answer(data)
    if not path:
        path = _WORKFLOW if _LOOKS_LIKE_WORKFLOW.search(data) else "file"
    text, count = _decoded(data), 0
    text, count = cover_shapes(text)
    text, found, _ = _by_use(text, data, path=path, max_bytes=MAX_BYTES)
    return Masked(_encoded(text, data) if count + found else data, count + found)


def masked_facts(data: bytes, *, path: str, max_bytes: int = MAX_BYTES) -> FileFacts:
    """Read a file as it is once it has been masked."""
    text, _ = cover_shapes(_decoded(data)) if len(data) <= max_bytes else ("", 0)
    return _by_use(text, data, path=path, max_bytes=max_bytes)[2]


def _answer(data: bytes) -> Masked:
    """Cover what stands in a JSON answer, also in a file's text that it carries in base64."""
    text, count = cover_shapes(data.decode("latin-1"))
    data = text.encode("latin-1")
    match = _BASE64_BODY.search(data)
    if match is None or b'"base64"' not in data:
        return Masked(data, count)
    try:
        content = base64.b64decode(match[1].replace(b"\\n", b""), validate=True)
    except binascii.Error:
        return Masked(data, count)
    inner = mask_literals(content)
    if not inner.covered:
        return Masked(data, count)
    written = iter(base64.b64encode(inner.data).decode())
    # The line breaks of the encoded text stay where they were.
    dressed = re.sub(
        r"\\n|[^\\]", lambda m: m[0] if m[0] == "\\n" else next(written), match[1].decode()
    )
    body = data[: match.start(1)] + dressed.encode() + data[match.end(1) :]
    return Masked(body, count + inner.covered)


def _decoded(data: bytes) -> str:
    """Return one character a byte, so that offsets and lengths are those of the file."""
    encoding = _UTF16.get(data[:2])
    if encoding is not None and len(data) % 2 == 0:
        return data.decode(encoding, "surrogatepass")
    return data.decode("latin-1")


def _encoded(text: str, like: bytes) -> bytes:
    encoding = _UTF16.get(like[:2])
    if encoding is not None and len(like) % 2 == 0:
        return text.encode(encoding, "surrogatepass")
    return text.encode("latin-1")


def _by_use(text: str, like: bytes, *, path: str, max_bytes: int) -> tuple[str, int, FileFacts]:
    """Cover the literals that logins use; return the text, how many, and the facts of it."""
    if len(like) > max_bytes:
        return text, 0, parse_file(like, path=path, max_bytes=max_bytes)
    coverer = Coverer(text, lambda candidate: parse_file(_encoded(candidate, like), path=path))
    count = coverer.run()
    return coverer.text, count, coverer.facts
