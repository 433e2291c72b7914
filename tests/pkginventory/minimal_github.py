"""A second GitHub, written apart from tests/fake_github from the API's description alone, with only the standard library.

It has no GraphQL, no Link header, no ETag, no rate-limit header and hardly any settings: what a
careful reader of the description could build in an afternoon, and what a proxy may leave of GitHub.
"""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "ghp_" + "m1n1malG1tHub" * 2 + "0123456789"
ORG = "acme"


@dataclass
class Organization:
    """What there is, and which parts of the API this server lacks."""

    repositories: dict[str, tuple[str, dict[str, str]]]
    # name: visibility, files
    packages: list[tuple[str, str, str, str | None]]
    # type, name, visibility, connected repository
    has_trees: bool = True
    heeds_filter: bool = True
    tells_totals: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(  # noqa: PLR0911 - one return a path
        self, path: str, query: dict[str, str]
    ) -> Any:
        """Return what a path says; None is 404."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        match parts:
            case ["user"]:
                return {"login": "mona", "id": 1, "type": "User"}
            case ["orgs", org] if org == ORG:
                return self._organization()
            case ["orgs", org, "repos"] if org == ORG:
                return _paged([self._repository(name) for name in self.repositories], query)
            case ["orgs", org, "packages"] if org == ORG:
                return _paged(self._listed(query), query)
            case ["orgs", org, "packages", kind, name] if org == ORG:
                return self._package(kind, name)
            case ["orgs", org, "actions", "secrets"] if org == ORG:
                secret = {
                    "name": "GHCR_PAT",
                    "visibility": "all",
                    "created_at": "2024-01-01T00:00:00Z",
                }
                return {"total_count": 1, "secrets": [secret] if _first(query) else []}
            case ["repos", org, name] if org == ORG and name in self.repositories:
                return self._repository(name)
            case ["repos", org, name, *rest] if org == ORG and name in self.repositories:
                return self._of_repository(name, rest)
        return None

    def _organization(self) -> dict[str, Any]:
        public = sum(visibility == "public" for visibility, _ in self.repositories.values())
        told = {"public_repos": public, "total_private_repos": len(self.repositories) - public}
        return {"login": ORG, "id": 7, "type": "Organization"} | (told if self.tells_totals else {})

    def _repository(self, name: str) -> dict[str, Any]:
        visibility = self.repositories[name][0]
        return {
            "id": 100 + list(self.repositories).index(name),
            "name": name,
            "full_name": f"{ORG}/{name}",
            "owner": {"login": ORG, "id": 7},
            "private": visibility != "public",
            "visibility": visibility,
            "fork": False,
            "archived": False,
            "default_branch": "main",
            "pushed_at": "2026-11-01T10:00:00Z",
        }

    def _listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        wanted = query.get("visibility") if self.heeds_filter else None
        return [
            {key: value for key, value in self._package(kind, name).items() if key != "repository"}
            for kind, name, visibility, _ in self.packages
            if kind == query.get("package_type") and wanted in (None, visibility)
        ]

    def _package(self, kind: str, name: str) -> Any:
        for number, (its_kind, its_name, visibility, repository) in enumerate(self.packages):
            if (its_kind, its_name) == (kind, name):
                # The field never says internal, as the description warns.
                found = {
                    "id": 500 + number,
                    "name": name,
                    "package_type": kind,
                    "visibility": "private" if visibility == "internal" else visibility,
                    "version_count": 1,
                    "created_at": "2026-01-01T00:00:00Z",
                    "updated_at": "2026-10-01T00:00:00Z",
                }
                return found | ({"repository": self._repository(repository)} if repository else {})
        return None

    def _of_repository(self, name: str, rest: list[str]) -> Any:
        files = {path: text.encode() for path, text in self.repositories[name][1].items()}
        match rest:
            case ["git", "trees", _] if self.has_trees:
                tree = [_entry(path, data) for path, data in sorted(files.items())]
                return {"sha": "f" * 40, "tree": tree, "truncated": False}
            case ["git", "blobs", sha] if self.has_trees:
                return next((_blob(data) for data in files.values() if _oid(data) == sha), None)
            case ["contents", *where]:
                return _contents(files, "/".join(where))
        return None


def _contents(files: dict[str, bytes], where: str) -> Any:
    if where in files:
        return {"type": "file", "path": where, "name": where.rpartition("/")[2]} | _blob(
            files[where]
        )
    beneath = f"{where}/" if where else ""
    children: dict[str, dict[str, Any]] = {}
    for path, data in files.items():
        if path.startswith(beneath):
            name, _, more = path.removeprefix(beneath).partition("/")
            kind = {"type": "dir", "sha": "d" * 40} if more else {"type": "file", "sha": _oid(data)}
            size = 0 if more else len(data)
            children[name] = {"name": name, "path": beneath + name, "size": size, **kind}
    return list(children.values()) or None


def _entry(path: str, data: bytes) -> dict[str, Any]:
    return {"path": path, "mode": "100644", "type": "blob", "sha": _oid(data), "size": len(data)}


def _blob(data: bytes) -> dict[str, Any]:
    text = b64encode(data).decode()
    # GitHub breaks its base64 into lines.
    lines = "".join(f"{text[i : i + 60]}\n" for i in range(0, len(text), 60))
    return {"sha": _oid(data), "size": len(data), "encoding": "base64", "content": lines}


def _oid(data: bytes) -> str:
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _first(query: dict[str, str]) -> bool:
    return query.get("page", "1") == "1"


def _paged(items: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
    return items[(page - 1) * size : page * size]


@contextmanager
def served(organization: Organization) -> Iterator[str]:
    """Serve an organization on a loopback port and yield the API's address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            organization.asked.append(("GET", parts.path))
            allowed = self.headers.get("Authorization", "").endswith(TOKEN)
            query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
            found = organization.answer(parts.path, query) if allowed else None
            missing = {"message": "Not Found" if allowed else "Bad credentials"}
            self._send(
                200 if found is not None else 404 if allowed else 401,
                missing if found is None else found,
            )

        def do_POST(self) -> None:
            organization.asked.append(("POST", urlsplit(self.path).path))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._send(404, {"message": "Not Found"})

        def _send(self, status: int, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Keep the terminal quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
