"""The fake GitHub has the traps of the real one: packages, tokens, paging, caching, renames."""

import hashlib
from collections.abc import Iterator

import httpx
import pytest

from tests.fake_github import Credential, FakeGitHub, World
from tests.fake_github.asking import get
from tests.fake_github.worlds import small

CONTAINERS = "/orgs/acme/packages?package_type=container"


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(small()) as server:
        yield server


def names(answer: httpx.Response) -> set[str]:
    return {item["name"] for item in answer.json()}


# Packages


def test_no_page_of_packages_has_a_link_header(github: FakeGitHub) -> None:
    answer = get(github, f"{CONTAINERS}&per_page=1")

    assert len(answer.json()) == 1
    assert "link" not in answer.headers


def test_a_page_after_the_last_is_empty(github: FakeGitHub) -> None:
    assert get(github, f"{CONTAINERS}&page=9").json() == []


@pytest.mark.parametrize("query", ["", "?package_type=gradle", "?package_type=npm&visibility=x"])
def test_a_wrong_filter_is_400(github: FakeGitHub, query: str) -> None:
    assert get(github, f"/orgs/acme/packages{query}").status_code == 400


def test_nothing_lies_beyond_ten_thousand(github: FakeGitHub) -> None:
    assert get(github, f"{CONTAINERS}&per_page=100&page=100").status_code == 200
    assert get(github, f"{CONTAINERS}&per_page=100&page=101").status_code == 400


def test_internal_is_a_visibility_of_granular_registries_only(github: FakeGitHub) -> None:
    github.world["acme"].package("maven", "com.acme.billing", repository="billing")
    sweep = "/orgs/acme/packages?visibility=internal&package_type="

    assert names(get(github, f"{sweep}npm")) == {"ui"}
    assert names(get(github, f"{sweep}maven")) == {"com.acme.billing"}


@pytest.mark.parametrize("says", ["internal", "private"])
def test_the_field_may_say_either_of_an_internal_package(github: FakeGitHub, says: str) -> None:
    github.world.switches.internal_field = says

    assert get(github, "/orgs/acme/packages/container/base").json()["visibility"] == says


def test_a_slash_in_a_name_must_be_encoded(github: FakeGitHub) -> None:
    assert get(github, "/orgs/acme/packages/container/tools%2Fbuilder").status_code == 200
    assert get(github, "/orgs/acme/packages/container/tools/builder").status_code == 404
    assert get(github, "/orgs/acme/packages/container/tools%252Fbuilder").status_code == 404


def test_a_list_may_leave_the_repository_out(github: FakeGitHub) -> None:
    github.world.switches.list_repository = False

    assert not any("repository" in package for package in get(github, CONTAINERS).json())
    one = get(github, "/orgs/acme/packages/container/billing").json()
    assert one["repository"]["full_name"] == "acme/shop"
    assert "visibility" not in one["repository"]


def test_packages_can_stand_on_two_pages(github: FakeGitHub) -> None:
    github.world.switches.page_overlap = 1
    first, second = (get(github, f"{CONTAINERS}&per_page=3&page={n}").json() for n in (1, 2))

    assert first[-1] == second[0]
    assert {p["name"] for p in first + second} == {"billing", "tools/builder", "shop", "base"}


def test_packages_can_move_between_pages(github: FakeGitHub) -> None:
    github.world.switches.rotate_packages = 1
    pages = [names(get(github, f"{CONTAINERS}&per_page=2&page={n}")) for n in (1, 2)]

    assert len(pages[0] | pages[1]) < 4


# Who asks


def test_a_member_sees_fewer_and_is_not_told(github: FakeGitHub) -> None:
    assert names(get(github, CONTAINERS)) == {"billing", "tools/builder", "shop", "base"}
    assert names(get(github, CONTAINERS, "member")) == {"billing", "shop", "base"}
    assert names(get(github, "/orgs/acme/repos", "member")) == {"shop", "ui", "library"}


def test_what_is_private_is_404_to_others(github: FakeGitHub) -> None:
    assert get(github, "/repos/acme/billing", "member").status_code == 404
    assert get(github, "/repos/acme/billing", "anonymous").status_code == 404
    assert get(github, "/repos/acme/shop", "anonymous").status_code == 200


def test_without_the_scope_packages_are_403(github: FakeGitHub) -> None:
    answer = get(github, CONTAINERS, "no_packages_scope")

    assert answer.status_code == 403
    assert answer.headers["x-accepted-oauth-scopes"] == "read:packages"
    assert answer.headers["x-oauth-scopes"] == "admin:org, repo"


def test_an_app_cannot_list_packages(github: FakeGitHub) -> None:
    answer = get(github, CONTAINERS, "app")

    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid argument.")
    assert len(github.token("app")) == 520


def test_an_app_is_told_which_permission_it_lacks(github: FakeGitHub) -> None:
    token = github.vault.add(
        Credential("poor", "ghs_poor", kind="installation", permissions={"metadata": "read"})
    )
    answer = get(github, "/orgs/acme/actions/permissions", "poor")

    assert token == "ghs_poor"
    assert answer.status_code == 403
    accepted = answer.headers["x-accepted-github-permissions"]
    assert accepted == "organization_administration=read"


def test_a_fine_grained_token_has_no_packages(github: FakeGitHub) -> None:
    assert get(github, CONTAINERS, "fine_grained").status_code == 403
    assert get(github, "/orgs/acme/repos", "fine_grained").status_code == 200


@pytest.mark.parametrize("profile", ["revoked", "expired"])
def test_a_dead_token_is_401(github: FakeGitHub, profile: str) -> None:
    assert get(github, "/orgs/acme", profile).status_code == 401


@pytest.mark.parametrize("profile", ["saml_required", "ip_not_allowed", "classic_forbidden"])
def test_what_the_organization_refuses_is_403(github: FakeGitHub, profile: str) -> None:
    answer = get(github, "/orgs/acme/repos", profile)

    assert answer.status_code == 403
    assert ("x-github-sso" in answer.headers) == (profile == "saml_required")


def test_partial_results_come_with_200(github: FakeGitHub) -> None:
    answer = get(github, "/orgs/acme/repos", "saml_partial")

    assert names(answer) == {"shop", "library"}
    assert answer.headers["x-github-sso"].startswith("partial-results; organizations=7000001")


def test_no_user_agent_is_403(github: FakeGitHub) -> None:
    assert httpx.get(f"{github.url}/meta", headers={"user-agent": ""}).status_code == 403


def test_a_trailing_slash_is_404(github: FakeGitHub) -> None:
    assert get(github, "/orgs/acme/repos/").status_code == 404


def test_an_unknown_api_version_is_400(github: FakeGitHub) -> None:
    assert get(github, "/meta", x_github_api_version="2020-01-01").status_code == 400


# Paging, caching, moving


def test_a_link_leads_through_all_repositories(github: FakeGitHub) -> None:
    seen: list[str] = []
    url: str | None = f"{github.url}/orgs/acme/repos?per_page=2"
    while url:
        answer = get(github, url.removeprefix(github.url))
        seen += [r["name"] for r in answer.json()]
        url = answer.links.get("next", {}).get("url")
        assert url is None or "/organizations/" in url

    assert sorted(seen) == sorted(r.name for r in github.world.repositories())


def test_an_etag_belongs_to_one_token(github: FakeGitHub) -> None:
    tag = get(github, "/repos/acme/shop").headers["etag"]
    used = github.limits.budget("olivia", "core").used

    assert get(github, "/repos/acme/shop", if_none_match=tag).status_code == 304
    assert github.limits.budget("olivia", "core").used == used
    assert get(github, "/repos/acme/shop", "oauth", if_none_match=tag).status_code == 200


def test_an_etag_can_be_computed(github: FakeGitHub) -> None:
    accept = "application/vnd.github+json"
    answer = get(github, "/repos/acme/shop", accept=accept)
    start = f"{accept}:Bearer {github.token()}:".encode()

    assert answer.headers["etag"] == f'W/"{hashlib.sha256(start + answer.content).hexdigest()}"'


def test_a_renamed_repository_answers_301_by_its_id(github: FakeGitHub) -> None:
    github.world["acme"].rename("shop", "store")
    answer = get(github, "/repos/acme/shop/git/trees/HEAD?recursive=1")

    assert answer.status_code == 301
    assert answer.headers["location"].endswith("/repositories/510000001/git/trees/HEAD?recursive=1")
    assert get(github, answer.headers["location"].removeprefix(github.url)).status_code == 200


def test_ghes_lives_under_its_prefix_and_has_no_limits() -> None:
    world = World(edition="ghes")
    world.org("acme").repo("shop", visibility="public").package("npm", "x", repository="shop")
    with FakeGitHub(world) as github:
        github.limits.enabled = False
        answer = get(github, "/orgs/acme")
        npm = get(github, "/orgs/acme/packages?package_type=npm").json()

        assert github.url.endswith("/api/v3")
        assert not any(name.startswith("x-ratelimit") for name in answer.headers)
        assert npm[0]["visibility"] == "public"
        assert httpx.get(github.url.removesuffix("/api/v3") + "/meta").status_code == 404
