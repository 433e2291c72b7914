"""One text of a repository: is it what its id says, what may be kept of it, what does it say."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from collector.github.protocol import parse_json
from collector.walk.files import split_ref
from collector.workflows.analyze import analyze
from collector.workflows.facts import FileFacts
from collector.workflows.mask import mask_literals
from collector.workflows.records import to_data

_SHA1_LENGTH: Final = 40
# Kinds that the parser reads.
PARSED: Final = frozenset({"workflow", "action", "dependabot", "config"})


@dataclass(frozen=True, slots=True)
class Text:
    """A text whose literal credentials are masked."""

    content: bytes
    masked: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What one version of the parser says of a text."""

    kind: str
    status: str
    # parsed | parse_error
    facts: Mapping[str, Any] | None
    error: str | None = None
    error_line: int | None = None


def matching(body: bytes, sha: str) -> bytes | None:
    """Return the content whose git id this is: the body, or what a JSON body holds in base64."""
    if git_id(body, like=sha) == sha:
        return body
    content = _base64_content(body)
    return content if content is not None and git_id(content, like=sha) == sha else None


def git_id(content: bytes, *, like: str) -> str:
    """Return git's id of a blob, by the hash that another id of the repository was made with."""
    # Git chose SHA-1; as an id it guards against cut bodies, not against forgers.
    make = hashlib.sha1 if len(like) == _SHA1_LENGTH else hashlib.sha256
    return make(b"blob %d\0" % len(content) + content).hexdigest()


def masked(content: bytes, *, path: str) -> Text:
    """Mask the literal credentials of a text, so that nothing else is ever stored."""
    found = mask_literals(content, path=split_ref(path)[0])
    return Text(found.data, found.covered)


def examined(content: bytes, *, path: str, kind: str) -> Facts:
    """Read what a masked text says as a file of some kind."""
    try:
        facts = analyze(content, path=split_ref(path)[0])
    except RecursionError:
        return Facts(kind, "parse_error", None, error="nested too deeply", error_line=1)
    return _facts(facts, kind=kind)


def _facts(facts: FileFacts, *, kind: str) -> Facts:
    trouble = facts.parse_error
    if trouble is None:
        return Facts(kind, "parsed", to_data(facts))
    return Facts(kind, "parse_error", None, error=trouble.reason, error_line=trouble.line)


def _base64_content(body: bytes) -> bytes | None:
    if body[:64].lstrip()[:1] != b"{":
        return None
    try:
        data = parse_json(body)
        if not isinstance(data, dict) or data.get("encoding") != "base64":
            return None
        return base64.b64decode(str(data.get("content")))
    except (ValueError, binascii.Error):
        return None
