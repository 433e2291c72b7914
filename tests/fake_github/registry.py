"""The Container registry beside the fake GitHub: tokens for one image, manifests, tags."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, urlsplit

from tests.fake_github.access import reads_package
from tests.fake_github.credentials import GHS_ALPHABET, Credential, made_up

if TYPE_CHECKING:
    from tests.fake_github.model import Package
    from tests.fake_github.server import FakeGitHub


def github_token(repository: str) -> Credential:
    """Make the GITHUB_TOKEN of a run in a repository, with `packages: read`."""
    return Credential(
        f"actions-{repository}",
        made_up("ghs_", f"actions-{repository}", 516, GHS_ALPHABET),
        kind="actions",
        login="github-actions[bot]",
        scopes=("read:packages", "repo"),
        role="member",
        repositories=frozenset({repository}),
    )


@dataclass
class FakeRegistry:
    """A registry that listens on 127.0.0.1; use it with `with`.

    Attributes:
        asked: method and path of every request, without its query.
        given: tokens of the registry, and the image each opens.
    """

    github: FakeGitHub
    asked: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def do_HEAD(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def url(self) -> str:
        """Give the address of the registry."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        parts = urlsplit(handler.path)
        self.asked.append(f"{handler.command} {parts.path}")
        authorization = handler.headers.get("authorization", "")
        if parts.path == "/token":
            status, body = self._grant(authorization, parse_qs(parts.query))
        else:
            status, body = self._open(authorization, parts.path)
        handler.send_response(status)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    def _grant(self, authorization: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        scheme, _, encoded = authorization.partition(" ")
        token = base64.b64decode(encoded).decode().partition(":")[2] if scheme == "Basic" else ""
        known = self.github.vault.by_profile.values()
        credential = next((item for item in known if item.token == token), None)
        if credential is None:
            return 401, b'{"errors":[{"code":"UNAUTHORIZED"}]}'
        image = query["scope"][0].removeprefix("repository:").removesuffix(":pull")
        package = self._find(image)
        if package is None or not reads_package(credential, package):
            return 403, b'{"errors":[{"code":"DENIED"}]}'
        given = f"registry-{len(self.given) + 1}"
        self.given[given] = image
        return 200, b'{"token":"%s"}' % given.encode()

    def _open(self, authorization: str, path: str) -> tuple[int, bytes]:
        opened = self.given.get(authorization.removeprefix("Bearer "))
        image, _, rest = path.removeprefix("/v2/").partition("/manifests/")
        if not rest:
            image = image.removesuffix("/tags/list")
        if opened != image:
            return 403, b'{"errors":[{"code":"DENIED"}]}'
        package = self._find(image)
        if rest and (package is None or rest not in {one.name for one in package.versions}):
            return 404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}'
        return 200, b'{"tags":[]}'

    def _find(self, image: str) -> Package | None:
        owner, _, name = image.partition("/")
        organization = self.github.world.orgs.get(owner)
        return organization.packages.get(("container", name)) if organization else None
