"""Ask a fake GitHub something, as one would with curl: no client of ours takes part."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.fake_github.server import FakeGitHub

# made once: httpx would make one for every call
TLS = ssl.create_default_context()


def headers(github: FakeGitHub, profile: str = "owner") -> dict[str, str]:
    """Give the headers that a polite client sends."""
    sent = {"user-agent": "tests"}
    if profile != "anonymous":
        sent["authorization"] = f"Bearer {github.token(profile)}"
    return sent


def get(github: FakeGitHub, path: str, profile: str = "owner", **more: str) -> httpx.Response:
    """Ask REST for a path; `more` are headers."""
    sent = headers(github, profile) | {k.replace("_", "-"): v for k, v in more.items()}
    return httpx.get(github.url + path, headers=sent, verify=TLS)


def ask(
    github: FakeGitHub, query: str, profile: str = "owner", **variables: object
) -> httpx.Response:
    """Ask GraphQL."""
    body = {"query": query, "variables": variables}
    url = f"{github.url}/graphql"
    return httpx.post(url, json=body, headers=headers(github, profile), verify=TLS)
