"""Which paths are of interest, and what stands in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.walk.files import Entry, git_mode, kind_of, of_interest, split_ref

SHA = "a" * 40


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "workflows/ci.yml",
        ".github/workflows/README.md",
        ".github/workflows/deep/ci.yml",
        ".github/workflows/ci.yml.bak",
        "src/action.yml",
        ".github/CODEOWNERS.md",
        "src/.npmrc",
        "pip.conf",
    ],
)
def test_what_nobody_reads_is_of_no_interest(path: str) -> None:
    """GitHub reads only the top level of .github/workflows."""
    assert kind_of(path) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".github/workflows/ci.yml", "workflow"),
        (".github/workflows/ci.yaml", "workflow"),
        ("action.yml", "action"),
        (".github/actions/login/action.yaml", "action"),
        (".github/actions/a/b/action.yml", "action"),
        (".github/dependabot.yml", "dependabot"),
        ("docs/CODEOWNERS", "codeowners"),
        (".npmrc", "config"),
        (".yarnrc.yml", "config"),
        ("NuGet.Config", "config"),
        (".mvn/settings.xml", "config"),
    ],
)
def test_what_is_read(path: str, kind: str) -> None:
    """Each place has one kind."""
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    ("path", "mode", "size", "skipped"),
    [
        (".github/workflows/ci.yml", "100644", 10, ""),
        (".github/workflows/ci.yml", "100755", 10, ""),
        (".github/workflows/ci.yml", "120000", 10, "symlink"),
        (".github/workflows/old", "040000", None, "directory"),
        (".github/workflows", "120000", None, "symlink"),
        (".github", "160000", None, "submodule"),
        (".github/actions/shared", "160000", None, "submodule"),
        (".github/workflows/huge.yml", "100644", 50_000_000, "too_large"),
    ],
)
def test_what_cannot_be_read_says_why(path: str, mode: str, size: int | None, skipped: str) -> None:
    """A symbolic link or a submodule in the place of workflows is shown, not left out."""
    [found] = of_interest([Entry(path, mode, SHA, size)])

    assert (found.path, found.skipped) == (path, skipped)


def test_modes_are_git_s_whatever_the_api_says() -> None:
    """GraphQL answers with a number."""
    assert git_mode(33188) == git_mode("100644") == "100644"
    assert git_mode(16384) == git_mode("40000") == "040000"


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_path_at_a_ref_comes_apart_again(name: str, ref: str) -> None:
    """Whatever the ref is called."""
    path = f".github/workflows/{name.replace('@', '')}.yml"

    assert split_ref(f"{path}@{ref}") == (path, ref)


def test_a_file_name_may_hold_an_at_sign() -> None:
    """Only what follows the file's end is a ref."""
    assert split_ref(".github/workflows/a@b.yml") == (".github/workflows/a@b.yml", "")
