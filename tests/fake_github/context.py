"""One request on its way: who asks, for what, and what may be answered."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fake_github.http import Response

if TYPE_CHECKING:
    from tests.fake_github.credentials import Credential
    from tests.fake_github.http import Request
    from tests.fake_github.limits import Limits
    from tests.fake_github.model import Repository
    from tests.fake_github.organization import Organization
    from tests.fake_github.vault import Vault
    from tests.fake_github.world import World

DOCS = "https://docs.github.com/rest"


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """An answer that ends the handling of a request at once."""

    def __init__(self, status: int, message: str, *, docs: str = DOCS, **headers: str) -> None:
        super().__init__(message)
        self.response = refusal(status, message, docs=docs, **headers)


def refusal(status: int, message: str, *, docs: str = DOCS, **headers: str) -> Response:
    """Write an error as GitHub does."""
    body = {"message": message, "documentation_url": docs, "status": str(status)}
    return Response.json(body, status=status, **headers)


def not_found() -> Refusal:
    """Hide something, or say truly that it is not there."""
    return Refusal(404, "Not Found")


def node_id(prefix: str, number: int) -> str:
    """Make a node id of the new form."""
    packed = base64.urlsafe_b64encode(number.to_bytes(8, "big")).decode().rstrip("=")
    return f"{prefix}_kg{packed}"


@dataclass(slots=True)
class Context:
    """What a handler knows.

    Attributes:
        base: the API's address as the client used it, for the links in bodies.
        site: the website's address.
    """

    world: World
    limits: Limits
    vault: Vault
    request: Request
    credential: Credential
    base: str
    link_base: str
    site: str = "https://github.com"
    params: dict[str, str] = field(default_factory=dict)
    organization: Organization | None = None
    repository: Repository | None = None
    partial: str | None = None

    @property
    def org(self) -> Organization:
        """Give the organization that the path names."""
        if self.organization is None:
            raise not_found()
        return self.organization

    @property
    def repo(self) -> Repository:
        """Give the repository that the path names."""
        if self.repository is None:
            raise not_found()
        return self.repository

    @property
    def accept(self) -> str:
        """Give the media type that is asked for."""
        return self.request.headers.get("accept", "*/*")

    def query(self, name: str, default: str = "") -> str:
        """Give a parameter of the query."""
        return self.request.params.get(name, default)


def number(text: str, default: int) -> int:
    """Read a number from a query; rubbish is the default."""
    return int(text) if text.isdecimal() and len(text) < 10 else default


Answer = Any
