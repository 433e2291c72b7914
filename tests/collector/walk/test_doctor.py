"""What a credential may see, before anything is collected."""

import asyncio

import pytest

from collector.errors import CredentialError
from collector.github.auth import Token
from collector.github.client import GitHub
from collector.github.editions import edition_of
from collector.walk.doctor import Check, Diagnosis, doctor
from tests.fake_github import FakeGitHub
from tests.fake_github.worlds import small


def diagnosed(profile: str, *, packages: str = "") -> Diagnosis:
    """Examine the credentials of these profiles."""
    with FakeGitHub(small()) as server:

        async def go() -> Diagnosis:
            edition = edition_of(server.url)
            async with (
                GitHub(edition, Token("general", server.token(profile))) as api,
                GitHub(edition, Token("packages", server.token(packages or profile))) as other,
            ):
                return await doctor(org="acme", api=api, packages_api=other)

        found = asyncio.run(go())
        assert len(server.requests) == found.requests
        return found


def missing(found: Diagnosis, family: str) -> list[Check]:
    """Return what is missing of a family."""
    return [check for check in found.checks if check.family == family and check.remedy]


@pytest.mark.parametrize(("profile", "packages"), [("owner", "owner"), ("app", "packages_only")])
def test_the_recommended_credentials_lack_nothing(profile: str, packages: str) -> None:
    """In less than forty requests, every package list and every family among them."""
    found = diagnosed(profile, packages=packages)

    assert found.healthy
    assert found.repositories == 6
    assert found.requests < 40
    assert len([check for check in found.checks if check.family == "packages"]) == 16
    assert {check.credential for check in found.checks} == {"general", "packages"}
    assert all(check.reason is None for check in found.checks)


def test_a_missing_scope_is_named_for_every_package_list() -> None:
    """A classic token lacks a scope."""
    found = diagnosed("no_packages_scope")

    assert not found.healthy
    assert len(missing(found, "packages")) == 16
    assert "scope read:packages" in missing(found, "packages")[0].remedy


def test_an_app_needs_a_classic_token_beside_it() -> None:
    """No permission opens packages to an App."""
    found = diagnosed("app")

    assert {check.status for check in missing(found, "packages")} == {"denied"}
    assert "classic personal access token" in missing(found, "packages")[0].remedy
    assert not missing(found, "repo_secrets")


def test_single_sign_on_is_said_to_be_missing() -> None:
    """Not a scope."""
    found = diagnosed("saml_required")

    assert {check.remedy for check in found.checks} == {
        "Authorize the token for the organization's single sign-on."
    }


def test_a_refused_token_ends_it_at_once() -> None:
    """As it ends every run."""
    with pytest.raises(CredentialError):
        diagnosed("expired")
