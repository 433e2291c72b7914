from string import Formatter

import pytest

from collector.github import endpoints
from collector.github.editions import EditionKind
from collector.github.endpoints import CATALOGUE, Endpoint, Paging, Role
from collector.github.protocol import path
from collector.tables import FAMILIES

VALUES = {
    "org": "acme",
    "owner": "acme",
    "repo": "billing",
    "package_type": "container",
    "package_name": "team/billing",
    "secret_name": "GHCR_PAT",
    "environment_name": "prod/eu",
    "team_slug": "core",
    "ref": "heads/main",
    "sha": "a" * 40,
    "subject_digest": f"sha256:{'a' * 64}",
    "workflow_id": "release.yml",
}


def test_only_packages_need_the_packages_credential() -> None:
    of_packages = {each.family for each in CATALOGUE.values() if each.role is Role.PACKAGES}

    assert of_packages == {"packages", "package_details", "package_versions"}
    assert all(CATALOGUE[family].permission == "" for family in of_packages)


def test_packages_are_paged_until_empty() -> None:
    assert endpoints.PACKAGES.paging is Paging.UNTIL_EMPTY
    assert endpoints.PACKAGES.key is None


@pytest.mark.parametrize("endpoint", CATALOGUE.values(), ids=lambda endpoint: endpoint.family)
def test_every_family_has_a_path_that_can_be_filled(endpoint: Endpoint) -> None:
    names = {name for _text, name, _spec, _conversion in Formatter().parse(endpoint.path) if name}
    filled = path(endpoint.path, **{name: VALUES[name] for name in names})

    assert filled.startswith("/")
    assert "{" not in filled
    assert filled.count("/") == endpoint.path.count("/")
    assert endpoint.scope
    assert 30 <= endpoint.per_page <= 100


def test_every_family_that_coverage_knows_has_an_endpoint() -> None:
    # Links are made from text that was read before.
    assert set(FAMILIES) - {"links"} <= set(CATALOGUE)


def test_what_a_server_may_lack_is_marked() -> None:
    assert not endpoints.ORG_ACTIONS_POLICIES.exists_on(EditionKind.GHES)
    assert endpoints.ORG_ACTIONS_POLICIES.exists_on(EditionKind.GITHUB_COM)
    assert endpoints.PACKAGES.exists_on(EditionKind.GHES)
