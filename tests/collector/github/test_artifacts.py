"""What a run left behind: what is no archive or no run is refused, and the token stays at the API."""

import io
import zipfile
from collections.abc import Iterator, Mapping

import pytest

from collector.github.artifacts import (
    MAX_FILES,
    ArtifactError,
    blob_id,
    download,
    find_run,
    unpack,
)
from collector.github.auth import Token
from collector.github.client import GitHub
from collector.github.editions import edition_of
from tests.fake_github import FakeGitHub, World

PATH = ".github/workflows/x.yml"


def world() -> World:
    made = World(seed=1, edition="github.com")
    acme = made.org("acme")
    acme.repo("docs", visibility="public", files={PATH: "name: x\n"})
    acme.run("docs", PATH, event="workflow_dispatch", artifacts={"answers": {"a.txt": b"hello"}})
    acme.run("docs", PATH, event="push", conclusion="failure")
    return made


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(world()) as server:
        yield server
    assert server.violations == []


def client(server: FakeGitHub, profile: str = "owner") -> GitHub:
    return GitHub(edition_of(server.url), Token("test", server.token(profile)))


def archive(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def test_what_is_no_archive_of_a_few_small_files_is_refused() -> None:
    many = archive({str(number): b"" for number in range(MAX_FILES + 1)})
    bomb = archive({"a": b"0" * (8 * 2**20)})

    for data in (b"", b"PK\3\4", many, bomb):
        with pytest.raises(ArtifactError):
            unpack(data)


async def test_a_run_that_is_not_there_or_may_not_be_read_is_said_so(github: FakeGitHub) -> None:
    async with client(github) as gh:
        with pytest.raises(ArtifactError, match="404"):
            await find_run(gh, "acme/docs", file="x.yml", event="push", run_id=1)
        with pytest.raises(ArtifactError, match=r"No run of x\.yml"):
            await find_run(gh, "acme/docs", file="x.yml", event="push")
        with pytest.raises(ArtifactError, match="404"):
            await find_run(gh, "acme/nowhere", file="x.yml", event="push")


async def test_a_file_that_is_not_there_has_no_id(github: FakeGitHub) -> None:
    async with client(github) as gh:
        assert await blob_id(gh, "acme/docs", file="none.yml", ref="main") is None


async def test_the_newest_successful_run_its_file_and_its_artifact(github: FakeGitHub) -> None:
    async with client(github) as gh:
        run = await find_run(gh, "acme/docs", file="x.yml", event="workflow_dispatch")
        sha = await blob_id(gh, "acme/docs", file=PATH, ref=run.head_sha)
        files = await download(gh, "acme/docs", run=run, name="answers")

    docs = github.world["acme"].repository("docs")
    assert (run.path, run.conclusion, run.head_repository) == (PATH, "success", "acme/docs")
    assert docs.head is not None
    assert sha == docs.head.files[PATH].oid
    assert files == {"a.txt": b"hello"}


async def test_the_token_does_not_follow_to_another_host(github: FakeGitHub) -> None:
    async with client(github) as gh:
        run = await find_run(gh, "acme/docs", file="x.yml", event="workflow_dispatch")
        await download(gh, "acme/docs", run=run, name="answers")

    store = [asked for asked in github.requests if asked.path.startswith("/_storage")]
    assert [(asked.profile, asked.status) for asked in store] == [("anonymous", 200)]


async def test_an_artifact_of_another_name_or_that_has_expired_is_none(
    github: FakeGitHub,
) -> None:
    async with client(github) as gh:
        run = await find_run(gh, "acme/docs", file="x.yml", event="workflow_dispatch")
        with pytest.raises(ArtifactError, match="no artifact other"):
            await download(gh, "acme/docs", run=run, name="other")
        for kept in github.world["acme"].repository("docs").runs[0].artifacts:
            kept.expired = True
        with pytest.raises(ArtifactError, match="no artifact answers"):
            await download(gh, "acme/docs", run=run, name="answers")
