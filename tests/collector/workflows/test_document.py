"""YAML as GitHub reads it: text stays text, lines are right, attacks are refused."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.workflows.analyze import analyze
from collector.workflows.composer import Document, compose
from collector.workflows.document import (
    MAX_BYTES,
    Mapping,
    Scalar,
    Sequence,
    WorkflowParseError,
    decode,
)
from tests.collector.workflows.tools import PATH


def read(data: bytes | str) -> Document:
    return compose(decode(data.encode() if isinstance(data, str) else data))


def root(data: bytes | str) -> Mapping:
    node = read(data).root
    assert isinstance(node, Mapping)
    return node


def refused(data: bytes | str) -> tuple[int, str]:
    with pytest.raises(WorkflowParseError) as caught:
        read(data)
    return caught.value.line, caught.value.reason


@pytest.mark.parametrize(
    "word", ["on", "off", "yes", "no", "true", "null", "~", "012", "1e3", "1_0"]
)
def test_plain_words_are_text(word: str) -> None:
    assert root(f"{word}: {word}").text(word) == word


def test_on_is_a_key_like_any_other() -> None:
    facts = analyze(b"on: push\njobs: {}\n", path=PATH)
    assert [trigger.name for trigger in facts.triggers] == ["push"]


@pytest.mark.parametrize(
    "text",
    [
        "on: [push, pull_request]",
        "on:\n  push:\n  pull_request:\n    types: [opened]",
        "on: {push: , pull_request: }",
    ],
)
def test_triggers_in_each_shape(text: str) -> None:
    facts = analyze(text.encode(), path=PATH)
    assert [trigger.name for trigger in facts.triggers] == ["push", "pull_request"]


def test_anchors_and_aliases_are_followed() -> None:
    node = root("a: &x {k: v}\nb: *x\nc: [*x, *x]\n")
    assert node.mapping("b") is node.mapping("a")
    items = node.sequence("c")
    assert items is not None
    assert items.items == [node.mapping("a"), node.mapping("a")]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\na: 2\n", 2, "duplicate_key"),
        ("a: &x {k: v}\nb:\n  <<: *x\n", 3, "merge_key"),
        ("{{ name }}: x\n", 1, "key_not_scalar"),
    ],
)
def test_what_github_refuses_but_can_be_read_is_a_trouble(
    text: str, line: int, reason: str
) -> None:
    assert (line, reason) in [(p.line, p.reason) for p in read(text).problems]
    assert (line, reason) in [
        (t.line, t.reason) for t in analyze(text.encode(), path=PATH).troubles
    ]


def test_the_last_of_two_equal_keys_is_kept() -> None:
    assert root("a: 1\na: 2\n").text("a") == "2"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b\n- c\n", 2),
        ("a: 'open\n", 2),
        ("a: [1, 2\n", 2),
        ("a: b\n---\nc: d\n", 2),
        ("a: *nowhere\n", 1),
        ("a: &x [*x]\n", 1),
        ("a: b: c\n", 1),
        ("a:\n\t- b\n", 2),
        ("%YAML 3.0\n---\na: b\n", 1),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    assert refused(text)[0] == line
    facts = analyze(text.encode(), path=PATH)
    assert facts.parse_error is not None
    assert facts.parse_error.line == line


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "word\n"])
def test_a_file_that_is_no_mapping_is_a_parse_error(text: str) -> None:
    facts = analyze(text.encode(), path=PATH)
    assert facts.parse_error is not None
    assert facts.jobs == ()


@pytest.mark.parametrize("header", ["|", "|-", "|+", "|2", "| # note", "|\n"[:1]])
def test_lines_in_a_literal_block_are_the_files(header: str) -> None:
    node = root(f"a:\n  run: {header}\n    one\n    two\n\n    four\n").mapping("a")
    assert node is not None
    script = node.scalar("run")
    assert script is not None
    lines = {word: script.line_of(script.text.index(word)) for word in ("one", "two", "four")}
    assert lines == {"one": 3, "two": 4, "four": 6}


def test_a_folded_block_shows_its_beginning() -> None:
    script = root("run: >\n  one\n  two\n").scalar("run")
    assert script is not None
    assert (script.text, script.line_of(4)) == ("one two\n", 2)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_are_counted_alike(ending: str) -> None:
    node = root(ending.join(["a: 1", "b:", "  c: |", "    x", "    y", "d: 2", ""]))
    assert [key.line for key, _ in node.items()] == [1, 2, 6]
    inner = node.mapping("b")
    assert inner is not None
    script = inner.scalar("c")
    assert script is not None
    assert script.line_of(script.text.index("y")) == 5


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    ],
)
def test_marks_of_byte_order_are_skipped(encode: Callable[[str], bytes]) -> None:
    node = root(encode("näme: ü\nb: c\n"))
    assert (node.text("näme"), node.keys["b"].line) == ("ü", 2)


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\x85", "\x00", "\x1b", "\ufeff"])
def test_characters_that_libyaml_refuses_keep_lines_and_columns(char: str) -> None:
    node = root(f"a: x{char}y\nb: z\n")
    assert (node.text("a"), node.keys["b"].line) == ("x y", 2)


def test_bytes_that_are_no_utf_8_are_read_as_far_as_they_are() -> None:
    assert root(b"a: \xff\xfe b\nb: c\n").text("b") == "c"


def test_tabs_where_github_takes_them() -> None:
    assert root("a: 1\n\t\nb: 2\n \t \nc: 3\n\t# note\n").text("c") == "3"


def test_flow_style_has_lines() -> None:
    node = root("on: {push: {branches: [main]}}\njobs: {a: {runs-on: x,\n  steps: [{run: y}]}}\n")
    job = node.mapping("jobs")
    assert job is not None
    steps = job.mapping("a")
    assert steps is not None
    assert steps.keys["steps"].line == 3
    assert isinstance(steps.get("steps"), Sequence)


def test_tags_make_no_objects() -> None:
    node = root("a: !!python/object/apply:os.system ['x']\nb: !secret c\n")
    assert isinstance(node.get("a"), Sequence)
    assert isinstance(node.get("b"), Scalar)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"{a: " * 100_000,
        b"- " * 100_000,
        b"? " * 50_000,
        b"a:\n" + b"".join(b" " * n + b"a:\n" for n in range(1, 1200)),
        BOMB.encode(),
        b"a: [" + b"x," * 200_000 + b"]",
        b"a: b\n" * (1 << 20),
        b"&a " * 10_000,
        b"a: " + b'"' * 100_001,
    ],
    ids=[
        "brackets",
        "braces",
        "dashes",
        "questions",
        "indents",
        "laughs",
        "nodes",
        "bytes",
        "anchors",
        "quotes",
    ],
)
def test_attacks_are_refused_soon(data: bytes) -> None:
    started = time.process_time()
    facts = analyze(data, path=PATH)
    assert time.process_time() - started < 10
    assert facts.parse_error is not None


def test_five_megabytes_are_refused_without_being_read() -> None:
    data = b"jobs: {}\n" + b"#" * (5 << 20)
    assert len(data) > MAX_BYTES
    facts = analyze(data, path=PATH)
    assert facts.parse_error is not None
    assert facts.parse_error.reason == "file too large"


def test_a_reason_never_quotes_the_file() -> None:
    for text in (
        "a: *topsecret\n",
        "a: &topsecret [*topsecret]\n",
        "!<topsecret a: b\n",
        "a: b\ntopsecret\n",
    ):
        assert "topsecret" not in refused(text)[1]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    facts = analyze(data, path=PATH)
    assert facts.parse_error is None or facts.parse_error.line >= 1


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,? \n\t\r", max_size=80))
def test_any_yaml_like_text_is_read_or_refused(text: str) -> None:
    facts = analyze(text.encode(), path=PATH)
    assert facts.parse_error is None or facts.parse_error.line >= 1
