"""Texts are what their ids say, and hold no credential when they are kept."""

import base64
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from collector.walk.texts import examined, git_id, masked, matching

EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def test_git_s_own_id_of_an_empty_blob() -> None:
    """The one that everyone knows."""
    assert git_id(b"", like=EMPTY_BLOB) == EMPTY_BLOB
    assert git_id(b"x", like="0" * 64) == hashlib.sha256(b"blob 1\0x").hexdigest()


def test_another_text_does_not_match() -> None:
    """Neither raw nor in base64."""
    sha = git_id(b"name: ci\n", like=EMPTY_BLOB)

    assert matching(b"name: c", sha) is None
    assert matching(json.dumps({"encoding": "base64", "content": "eA=="}).encode(), sha) is None
    assert matching(b'{"encoding": "base64", "content": 5}', sha) is None
    assert matching(b"{", sha) is None


@given(st.binary(max_size=200))
def test_a_text_matches_raw_and_in_base64(content: bytes) -> None:
    """A server that knows no raw answers sends JSON."""
    sha = git_id(content, like=EMPTY_BLOB)
    encoded = base64.encodebytes(content).decode()
    body = json.dumps({"content": encoded, "encoding": "base64", "sha": sha}).encode()

    assert matching(content, sha) == content
    assert matching(body, sha) == content


def test_a_literal_credential_is_not_kept() -> None:
    """At equal length, so that lines and columns stay what they were."""
    token = "ghp_" + "a1B2" * 9
    content = f"jobs:\n  a:\n    env:\n      T: {token}\n".encode()
    text = masked(content, path=".github/workflows/a.yml@v1")

    assert token.encode() not in text.content
    assert (len(text.content), text.masked) == (len(content), 1)


def test_what_cannot_be_parsed_says_where() -> None:
    """That too is a fact."""
    found = examined(b"on: [push\njobs: {", path=".github/workflows/a.yml", kind="workflow")

    assert (found.status, found.facts) == ("parse_error", None)
    assert found.error
    assert found.error_line is not None


def test_a_file_at_a_ref_is_read_as_what_it_is() -> None:
    """The ref is no part of its name."""
    found = examined(b"on: push\njobs: {}\n", path=".github/workflows/a.yml@v1.0", kind="workflow")

    assert found.facts is not None
    assert found.facts["kind"] == "workflow"
