"""The fake GitHub has the traps of the real one: those that GITHUB's documents and users name."""

import hashlib
import io
import ssl
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fake_github import Credential, FakeGitHub, File, World, symlink, truth_of
from tests.fake_github.gitdata import Snapshot
from tests.fake_github.http import Request
from tests.fake_github.worlds import WORLDS, big, demo, push_some, small

# made once: httpx would make one for every call
TLS = ssl.create_default_context()
CONTAINERS = "/orgs/acme/packages?package_type=container"


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(small()) as server:
        yield server


def get(github: FakeGitHub, path: str, profile: str = "owner", **headers: str) -> httpx.Response:
    sent = {"user-agent": "tests", **{k.replace("_", "-"): v for k, v in headers.items()}}
    if profile != "anonymous":
        sent["authorization"] = f"Bearer {github.token(profile)}"
    return httpx.get(github.url + path, headers=sent, verify=TLS)


def ask(github: FakeGitHub, query: str, profile: str = "owner", **variables: object) -> Any:
    sent = {"user-agent": "tests", "authorization": f"Bearer {github.token(profile)}"}
    body = {"query": query, "variables": variables}
    return httpx.post(f"{github.url}/graphql", json=body, headers=sent, verify=TLS)


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


# Git


def test_object_ids_are_gits(tmp_path: Path) -> None:
    files = {"a/b.txt": b"x", "a.txt": b"y", "a/c/d": b"z", "a-b": b"q", "ab": b"\0\xff"}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "link").symlink_to("a.txt")
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    tree = subprocess.run([*git, "write-tree"], check=True, capture_output=True, text=True)

    snapshot = Snapshot({k: File.of(v) for k, v in files.items()} | {"link": symlink("a.txt")})
    assert snapshot.trees[""].oid == tree.stdout.strip()


def test_an_empty_repository_is_409_to_git_and_404_to_contents(github: FakeGitHub) -> None:
    assert get(github, "/repos/acme/nothing-yet/git/trees/main").status_code == 409
    assert get(github, "/repos/acme/nothing-yet/contents/x").status_code == 404


def test_a_long_tree_is_truncated(github: FakeGitHub) -> None:
    github.world.switches.tree_limit = 2
    tree = get(github, "/repos/acme/shop/git/trees/HEAD?recursive=0").json()

    assert (tree["truncated"], len(tree["tree"])) == (True, 2)


def test_a_blob_comes_raw_as_it_is(github: FakeGitHub) -> None:
    body = b"\xef\xbb\xbfon: push\r\n\xff\0"
    github.world["acme"].repo("odd", files={"x.yml": body})
    oid = File.of(body).oid
    raw = "application/vnd.github.raw+json"

    assert get(github, f"/repos/acme/odd/git/blobs/{oid}", accept=raw).content == body
    assert get(github, "/repos/acme/odd/contents/x.yml", accept=raw).content == body
    assert get(github, "/repos/acme/odd/git/blobs/xyz").status_code == 422


def test_contents_above_a_megabyte_have_no_content(github: FakeGitHub) -> None:
    github.world["acme"].repo("fat", files={"x.yml": b"#" * 1_100_000})
    body = get(github, "/repos/acme/fat/contents/x.yml").json()

    assert (body["content"], body["encoding"], body["size"]) == ("", "none", 1_100_000)


def test_a_link_to_a_file_gives_the_file() -> None:
    world = World()
    world.org("acme").repo(
        "a", files={"x/real": "1", "x/l": symlink("real"), "x/lost": symlink("n")}
    )
    with FakeGitHub(world) as github:
        assert get(github, "/repos/acme/a/contents/x/l").json()["type"] == "file"
        assert get(github, "/repos/acme/a/contents/x/lost").json()["type"] == "symlink"


def test_an_artifact_is_downloaded_by_a_redirect(github: FakeGitHub) -> None:
    github.world["acme"].run("billing", ".github/workflows/image.yml", artifacts={"a": {"f": b"1"}})
    listed = get(github, "/repos/acme/billing/actions/artifacts").json()["artifacts"][0]
    answer = get(github, listed["archive_download_url"].removeprefix(github.url))
    archive = httpx.get(answer.headers["location"], headers={"user-agent": "tests"})

    assert answer.status_code == 302
    assert zipfile.ZipFile(io.BytesIO(archive.content)).read("f") == b"1"


# GraphQL

FILES = """object(expression: "HEAD:.github/workflows") {
  ... on Tree { entries { name type mode oid path size object {
    ... on Blob { oid byteSize isBinary isTruncated text } } } } }"""
PAGE = f"""query($n: Int!) {{ organization(login: "acme") {{
  repositories(first: $n) {{ nodes {{ name {FILES} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""


def test_aliased_repositories_come_with_their_trees(github: FakeGitHub) -> None:
    query = f'{{ a: repository(owner: "acme", name: "shop") {{ databaseId visibility {FILES} }} }}'
    a = ask(github, query).json()["data"]["a"]
    entry = a["object"]["entries"][0]

    assert (a["visibility"], a["databaseId"]) == ("PUBLIC", 510_000_001)
    assert (entry["name"], entry["type"], entry["mode"]) == ("ci.yml", "blob", 0o100644)
    assert File.of(entry["object"]["text"]).oid == entry["oid"]


def test_what_is_not_there_is_an_error_beside_data(github: FakeGitHub) -> None:
    query = """{ a: repository(owner: "acme", name: "shop") { isEmpty }
                 b: repository(owner: "acme", name: "billing") { isEmpty } }"""
    answer = ask(github, query, "member")

    assert answer.status_code == 200
    assert answer.json()["data"] == {"a": {"isEmpty": False}, "b": None}
    assert answer.json()["errors"][0]["type"] == "NOT_FOUND"
    assert answer.json()["errors"][0]["path"] == ["b"]


def test_partial_data_comes_with_200(github: FakeGitHub) -> None:
    github.world.switches.graphql_partial.add("acme/shop")
    body = ask(github, PAGE, n=10).json()

    assert [n is None for n in body["data"]["organization"]["repositories"]["nodes"]].count(
        True
    ) == 1
    assert "type" not in body["errors"][0]


def test_too_large_a_page_is_502(github: FakeGitHub) -> None:
    github.world.switches.graphql_page = 3

    assert ask(github, PAGE, n=4).status_code == 502
    assert ask(github, PAGE, n=3).status_code == 200


def test_text_is_null_when_binary_and_cut_when_long(github: FakeGitHub) -> None:
    github.world.switches.graphql_text_limit = 10
    files: dict[str, str | bytes] = {
        ".github/workflows/a.yml": b"a\0b",
        ".github/workflows/b.yml": "x" * 20,
    }
    github.world["acme"].repo("odd", files=files)
    query = f'{{ repository(owner: "acme", name: "odd") {{ {FILES} }} }}'
    a, b = ask(github, query).json()["data"]["repository"]["object"]["entries"]

    assert (a["object"]["isBinary"], a["object"]["text"]) == (True, None)
    assert (b["object"]["isTruncated"], b["object"]["text"]) == (True, "x" * 10)


def test_an_unknown_field_is_refused(github: FakeGitHub) -> None:
    body = ask(github, "{ viewer { packages } }").json()

    assert "data" not in body
    assert "Cannot query field" in body["errors"][0]["message"]


# The worlds


@pytest.mark.parametrize("name", sorted(set(WORLDS) - {"big"}))
def test_a_world_is_the_same_twice(name: str) -> None:
    assert truth_of(WORLDS[name]()) == truth_of(WORLDS[name]())


@pytest.mark.parametrize("name", sorted(set(WORLDS) - {"big"}))
def test_pat_logins_name_files_that_exist(name: str) -> None:
    world = WORLDS[name]()
    for repository, path, _secret in truth_of(world).pat_logins:
        head = world["acme"].repository(repository.removeprefix("acme/")).head

        assert head is not None
        assert path in head.files


def test_day_one_is_as_told() -> None:
    truth = truth_of(WORLDS["day_one"]())

    assert len(truth.packages) == 800
    assert len(truth.visibilities("private")) == 500
    assert list(truth.repositories.values()).count("public") == 60


def test_the_demo_has_every_type_and_every_visibility() -> None:
    truth = truth_of(demo())

    assert {kind for kind, _ in truth.packages} == {
        "container",
        "docker",
        "maven",
        "npm",
        "nuget",
        "rubygems",
    }
    assert set(truth.packages.values()) == {"private", "public", "internal"}


def test_a_big_world_shares_its_texts() -> None:
    world = big(repositories=300, packages=100, distinct_workflow_texts=40)
    before = truth_of(world)
    pushed = push_some(world, share=0.1)

    assert (len(before.repositories), len(before.packages)) == (300, 100)
    assert len(before.blobs) == 40
    assert 10 < pushed < 60
    assert len(truth_of(world).workflows) > len(before.workflows)


def test_canonical_bodies_do_not_name_the_port() -> None:
    with FakeGitHub(small(), canonical=True) as github:
        text = get(github, "/repos/acme/shop").text

        assert "127.0.0.1" not in text
        assert "https://api.github.com/repos/acme/shop" in text


def test_no_token_is_in_a_repr_or_in_the_log(github: FakeGitHub) -> None:
    get(github, "/orgs/acme")
    request = Request("GET", "/", "", {"authorization": "Bearer x"})

    assert github.token() not in repr(github)
    assert github.requests[0].profile == "owner"
    assert "Bearer" not in repr(request)
