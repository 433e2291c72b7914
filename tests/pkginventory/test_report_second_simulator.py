"""The report is as true of a GitHub that its makers never saw: a minimal one, in several shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.pkginventory.minimal_github import TOKEN, Organization, served
from tests.pkginventory.tools import by_subject

if TYPE_CHECKING:
    from tests.pkginventory.tools import Desk

LOGIN = """\
name: image
on: [push, pull_request]
permissions: {{contents: read, packages: write}}
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@b4ffde65f46336ab88eb53be808477a3936bae11
      - uses: docker/login-action@74a5d142397b4f367a81961eba4e8cd7edddf772
        with:
          registry: ghcr.io
          username: ${{{{ github.actor }}}}
          password: ${{{{ secrets.{secret} }}}}
      - run: docker pull ghcr.io/acme/{image}
"""

REPOSITORIES = {
    "shop": (
        "public",
        {
            ".github/workflows/image.yml": LOGIN.format(secret="GHCR_PAT", image="billing"),
            "README.md": "shop\n",
        },
    ),
    "billing": (
        "private",
        {".github/workflows/image.yml": LOGIN.format(secret="GITHUB_TOKEN", image="billing")},
    ),
    "nothing": ("private", {"README.md": "nothing yet\n"}),
}
PACKAGES: list[tuple[str, str, str, str | None]] = [
    ("container", "billing", "private", "shop"),
    ("container", "tools/builder", "private", None),
    ("container", "base", "internal", "billing"),
    ("container", "web", "public", "shop"),
    ("npm", "ui", "private", "billing"),
]
SHAPES: dict[str, dict[str, Any]] = {
    "as described": {},
    "contents API only": {"has_trees": False},
    "totals not told": {"tells_totals": False},
    "visibility filter ignored": {"heeds_filter": False},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_report_is_true(desk: Desk, shape: str) -> None:
    organization = Organization(dict(REPOSITORIES), list(PACKAGES), **SHAPES[shape])
    desk.monkeypatch.setenv("PKGINVENTORY_TOKEN", TOKEN)

    with served(organization) as desk.url:
        ran = desk.report("--min-coverage", "90")

    assert ran.code == 0, ran.printed
    heeds = organization.heeds_filter
    expected = {
        # Without the filter nothing tells internal from private, and the field says private.
        (kind, name): visibility if heeds or visibility != "internal" else "private"
        for kind, name, visibility, _ in PACKAGES
    }
    found = desk.query("select package_type, name, visibility, repository from packages")
    assert {row[:2]: row[2] for row in found} == expected
    assert {row[:2]: row[3] for row in found} == {
        (kind, name): f"acme/{repository}" if repository else None
        for kind, name, _, repository in PACKAGES
    }
    assert dict(desk.query("select repository, visibility from repositories")) == {
        f"acme/{name}": visibility for name, (visibility, _) in REPOSITORIES.items()
    }
    _check_verdicts(desk)
    assert {method for method, path in organization.asked if path != "/graphql"} == {"GET"}


def _check_verdicts(desk: Desk) -> None:
    verdicts = desk.verdicts()
    login = "acme/{}/.github/workflows/image.yml#image/docker/login-action/container/{}/0"

    assert by_subject(verdicts, "PKG002") == {
        login.format("shop", "GHCR_PAT"): "fail",
        login.format("billing", "GITHUB_TOKEN"): "pass",
    }
    of_packages = by_subject(verdicts, "PKG001")
    assert of_packages["container:acme/billing"] == "fail"
    assert of_packages["container:acme/tools/builder"] == "unknown: no_api"
    assert of_packages["npm:acme/ui"] == "unknown: no_api"
    assert of_packages["container:acme/web"] == "not_applicable"
    connected = by_subject(verdicts, "PKG007")
    assert [name for name, verdict in connected.items() if verdict == "fail"] == [
        "container:acme/tools/builder"
    ]
    # What the server has no endpoint for is unknown, never a pass.
    assert set(by_subject(verdicts, "PKG010").values()) == {"unknown: not_found_404"}
    assert by_subject(verdicts, "PKG014")["acme"].startswith("unknown")
