from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.github.models import (
    Organization,
    Package,
    PackageVersion,
    Repository,
    RepositoryField,
    TreeEntry,
)
from collector.github.payloads import Malformed
from tests.collector.github.test_payloads import ANYTHING

PACKAGE: dict[str, Any] = {
    "id": 197,
    "name": "team/billing",
    "package_type": "container",
    "visibility": "internal",
    "version_count": 3,
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05Z",
    "html_url": "https://github.com/orgs/acme/packages/container/package/team%2Fbilling",
    "owner": {"login": "acme", "id": 1},
}
MODELS = [Package, PackageVersion, Repository, Organization, TreeEntry]


def package(**changes: Any) -> Package:
    read = Package.from_payload({**PACKAGE, **changes})
    assert isinstance(read, Package)
    return read


@pytest.mark.parametrize(
    ("field", "repository"),
    [
        (RepositoryField.NULL, None),
        (RepositoryField.MALFORMED, {}),
        (RepositoryField.MALFORMED, "acme/billing"),
        (RepositoryField.MALFORMED, {"id": "7"}),
    ],
)
def test_a_repository_that_names_none_is_no_connection(
    field: RepositoryField, repository: Any
) -> None:
    read = package(repository=repository)

    assert (read.repository_field, read.repository_id) == (field, None)


def test_an_absent_repository_is_not_a_null_one() -> None:
    assert package().repository_field is RepositoryField.ABSENT


def test_a_connected_package_names_its_repository() -> None:
    read = package(repository={"id": 7, "full_name": "acme/billing", "private": True})

    assert read.repository_field is RepositoryField.PRESENT
    assert (read.repository_id, read.repository_full_name) == (7, "acme/billing")


def test_visibility_is_an_open_word() -> None:
    assert package().visibility == "internal"
    assert package(visibility="enterprise").visibility == "enterprise"
    assert package(visibility=None).visibility is None


def test_a_package_is_read_whole() -> None:
    read = package()

    assert (read.id, read.name, read.package_type) == (197, "team/billing", "container")
    assert read.created_at == datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001
    assert (read.owner, read.version_count) == ("acme", 3)


@pytest.mark.parametrize("missing", ["id", "name", "package_type"])
def test_a_package_without_identity_is_malformed(missing: str) -> None:
    read = Package.from_payload({**PACKAGE, missing: None})

    assert isinstance(read, Malformed)
    assert read.kind == "package"


def test_fields_of_the_wrong_type_are_none() -> None:
    read = package(version_count="3", created_at=5, owner=[], html_url={})

    assert {read.version_count, read.created_at, read.owner, read.html_url} == {None}


def test_a_version_of_a_container_has_tags() -> None:
    tagged = {"id": 1, "name": "sha256:ab", "metadata": {"container": {"tags": ["1", "latest"]}}}
    legacy = {"id": 1, "name": "1", "metadata": {"docker": {"tag": ["old"]}}}

    for payload, tags in (
        (tagged, ("1", "latest")),
        (legacy, ("old",)),
        ({"id": 1, "name": "1"}, ()),
    ):
        read = PackageVersion.from_payload(payload)
        assert isinstance(read, PackageVersion)
        assert read.tags == tags


@pytest.mark.parametrize(
    ("payload", "visibility"),
    [
        ({"private": True}, "private"),
        ({"private": False}, "public"),
        ({"private": True, "visibility": "internal"}, "internal"),
        ({}, None),
        ({"private": "yes"}, None),
    ],
)
def test_visibility_of_a_repository_falls_back_to_private(
    payload: dict[str, Any], visibility: str | None
) -> None:
    read = Repository.from_payload({"id": 7, "full_name": "acme/billing", **payload})

    assert isinstance(read, Repository)
    assert (read.visibility, read.name) == (visibility, "billing")


def test_a_repository_without_owner_is_malformed() -> None:
    assert isinstance(Repository.from_payload({"id": 7, "full_name": "billing"}), Malformed)


def test_an_organization_seen_by_a_stranger_has_no_settings() -> None:
    read = Organization.from_payload({"id": 1, "login": "acme", "public_repos": 3})

    assert isinstance(read, Organization)
    assert (read.public_repos, read.plan) == (3, None)
    assert read.default_repository_permission is None


def test_a_tree_entry_is_read() -> None:
    payload = {"path": "ci.yml", "mode": "100644", "type": "blob", "sha": "a" * 40, "size": 3}

    assert TreeEntry.from_payload(payload) == TreeEntry("ci.yml", "100644", "blob", "a" * 40, 3)
    assert isinstance(TreeEntry.from_payload({**payload, "sha": None}), Malformed)


@given(st.sampled_from(MODELS), ANYTHING)
def test_no_item_is_too_odd_for_a_model(model: Any, payload: Any) -> None:
    assert isinstance(model.from_payload(payload), model | Malformed)


@given(st.dictionaries(st.sampled_from([*PACKAGE, "repository", "metadata"]), ANYTHING))
def test_no_field_is_too_odd_for_a_package(payload: dict[str, Any]) -> None:
    assert isinstance(Package.from_payload(PACKAGE | payload), Package | Malformed)
