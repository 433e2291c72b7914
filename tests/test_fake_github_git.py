"""The fake GitHub's trees, blobs, contents and artifacts, and the same by GraphQL."""

import io
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fake_github import FakeGitHub, File, World, symlink
from tests.fake_github.asking import ask, get
from tests.fake_github.gitdata import Snapshot
from tests.fake_github.worlds import small


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(small()) as server:
        yield server


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
