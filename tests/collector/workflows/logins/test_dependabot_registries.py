"""Registries of dependabot.yml."""

from typing import Any

import pytest

from collector.workflows.linked import RegistryLogin
from tests.collector.workflows.tools import logins, pairs

PATH = ".github/dependabot.yml"


def dependabot(registries: str, **options: Any) -> tuple[RegistryLogin, ...]:
    """Return the logins of a dependabot.yml whose registries begin on line 3."""
    return logins(f"version: 2\nregistries:\n{registries}updates: []\n", path=PATH, **options)


@pytest.mark.parametrize(
    "registry",
    [
        "  hub: {type: docker-registry, username: x, password: '${{secrets.P}}'}\n",
        "  quay: {type: docker-registry, url: quay.io, password: '${{secrets.P}}'}\n",
        "  npm: {type: npm-registry, url: 'https://registry.npmjs.org', token: '${{secrets.P}}'}\n",
        "  git: {type: git, url: 'https://github.com', password: '${{secrets.P}}'}\n",
        "  open: {type: npm-registry, url: 'https://npm.pkg.github.com'}\n",
        "  user: {type: maven-repository, url: 'https://maven.pkg.github.com/a/b', username: x}\n",
        "  # ghcr: {type: docker-registry, url: ghcr.io, password: '${{secrets.P}}'}\n",
    ],
)
def test_another_registry_or_one_without_a_credential_is_none(registry: str) -> None:
    assert not dependabot(registry)


def test_a_workflow_with_such_a_key_is_none() -> None:
    text = "registries:\n  a: {type: docker-registry, url: ghcr.io, password: '${{secrets.P}}'}\n"
    assert not logins(text)


def test_each_type_of_registry_is_a_login_with_its_key_as_job() -> None:
    rows = dependabot(
        """\
  images:
    type: docker-registry
    url: https://ghcr.io
    username: bot
    password: ${{secrets.GHCR}}
  packages:
    type: npm-registry
    url: https://npm.pkg.github.com
    token: ${{secrets.NPM}}
  java:
    type: maven-repository
    url: https://maven.pkg.github.com/acme/lib
    username: bot
    password: ${{secrets.MVN}}
  dotnet:
    type: nuget-feed
    url: https://nuget.pkg.github.com/acme/index.json
    token: bot:${{secrets.NUGET}}
  ruby:
    type: rubygems-server
    url: https://rubygems.pkg.github.com/acme
    token: ${{secrets.GEM}}
"""
    )
    assert [(r.job, r.registry, r.credential_name, r.line) for r in rows] == [
        ("images", "container", "GHCR", 7),
        ("packages", "npm", "NPM", 11),
        ("java", "maven", "MVN", 16),
        ("dotnet", "nuget", "NUGET", 20),
        ("ruby", "rubygems", "GEM", 24),
    ]
    assert {r.operation for r in rows} == {"pull"}
    assert {r.credential for r in rows} == {"pat"}


def test_a_key_instead_of_a_token_counts() -> None:
    text = "registries:\n  a:\n    type: npm-registry\n    url: npm.pkg.github.com\n    key: ${{secrets.K}}\n"
    assert pairs(text, path=".github/dependabot.yaml") == {("npm", "pat", "K", 5)}


def test_the_jobs_token_is_no_user_credential() -> None:
    rows = dependabot(
        "  a: {type: docker-registry, url: ghcr.io, password: '${{ secrets.GITHUB_TOKEN }}'}\n"
    )
    assert [row.credential for row in rows] == ["github_token"]
