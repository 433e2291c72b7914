"""What the forms share: texts of configuration files, options, names that say GitHub."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.workflows.flat import Flat
from collector.workflows.logins.maven_text import json_servers, servers
from collector.workflows.logins.meant import named_for_packages
from collector.workflows.logins.npmrc_text import entries
from collector.workflows.logins.nuget_text import credentials
from collector.workflows.logins.tools import (
    looks_like_token,
    may_be_secret,
    read_options,
    unescaped,
)
from collector.workflows.terms import Access, Literal, Unknown, plain

PIECES = st.sampled_from(
    ["<server>", "</server>", "<id>", "</id>", "<password>", "</password>", "<!--", "-->", "a",
     "<packageSourceCredentials>", "</packageSourceCredentials>", '<add key="Password" value="x"/>',
     "//h/:_authToken=", "_auth=", "registry=", "${T}", "%T%", "\n", " ", "{", "}", '"id": "a",',
     '"password": "x"', "\ue000", "#", ";", "'"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)


@given(TEXTS)
def test_any_text_is_read_and_every_offset_is_in_it(text: str) -> None:
    offsets = [entry.offset for entry in entries(Flat(text, (Unknown("x"),), 1))]
    offsets += [found.offset for found in credentials(text)]
    offsets += [found.offset for found in servers(text)]
    offsets += [found.offset for found in json_servers(text, text)]
    assert all(0 <= offset <= len(text) for offset in offsets)


@pytest.mark.parametrize(
    "piece",
    ["<a>", "<server>", '<add key="', ":_authToken=", "{", "${", '{"id":', "<!--", "npmrc "],
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    text = f"<packageSourceCredentials>{piece * (100_000 // len(piece))}</packageSourceCredentials>"
    begun = time.process_time()
    found = [*entries(Flat(text, (), 1)), *credentials(text), *servers(text), *json_servers(text)]
    assert len(found) < len(text)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("github", True),
        ("GitHub", True),
        ("github-packages", True),
        ("acme-github", True),
        ("GPR", True),
        ("gh", True),
        ("acme_gh_packages", True),
        ("githubpackages", True),
        ("GitHub Package Registry", True),
        ("central", False),
        ("github-central", False),
        ("nuget.org", False),
        ("acme", False),
        ("high", False),
        ("ghost", False),
        ("", False),
    ],
)
def test_names_that_say_github(name: str, expected: bool) -> None:
    assert named_for_packages(name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", False),
        ("changeit", False),
        ("YOUR_TOKEN_GOES_HERE", False),
        ("ghp_short", False),
        ("ghp_" + "a1B2" * 9, True),
        ("Bearer ghp_" + "a1B2" * 9, True),
        ("bot:" + "0123456789abcdef" * 2 + "01234567", True),
        ("MASKED" * 7, True),
        ("MASKED", False),
    ],
)
def test_constant_text_is_a_credential_where_it_has_a_tokens_shape(
    text: str, expected: bool
) -> None:
    assert looks_like_token(text) is expected
    assert may_be_secret(Literal(text)) is expected


def test_what_the_text_does_not_tell_may_be_a_credential() -> None:
    assert may_be_secret(Access(("secrets", "X")))
    assert not may_be_secret(None)
    assert not may_be_secret(Unknown("unresolved_expression", "$GITHUB_TOKEN"))


def test_references_to_characters_are_read() -> None:
    assert unescaped("&#103;hp_&#x61;") == "ghp_a"


def test_options_are_read_in_any_spelling() -> None:
    words = ("-Source", "U", "--api-key=K", "a.nupkg", "--skip-duplicate", "b")
    found = read_options(tuple(Literal(word) for word in words), {"skip-duplicate"})
    assert (plain(found.get("source")), plain(found.get("api-key"))) == ("U", "K")
    assert [plain(word) for word in found.positionals] == ["a.nupkg", "b"]
