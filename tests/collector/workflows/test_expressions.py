"""Expressions: GitHub's own parser and evaluator as the oracle, and bounds it does not need.

golden/expressions.json holds what @actions/expressions (npm) makes of each expression.
"""

import json
import math
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.workflows.evaluate import evaluate
from collector.workflows.expressions import (
    MAX_LENGTH,
    ExpressionError,
    condition,
    parse,
    template,
)
from collector.workflows.frames import Bound, Frame
from collector.workflows.spans import spans
from collector.workflows.spelling import spell
from collector.workflows.term_json import dump, load
from collector.workflows.terms import Access, Concat, Index, Literal, Operation, Unknown, walk

GOLDEN = json.loads((Path(__file__).parent / "golden/expressions.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = GOLDEN["cases"]
CONTEXT: dict[str, Any] = GOLDEN["context"]
# The library looks functions and their arguments up while it parses; ours when it evaluates.
LATER = {"nofunction('x')", "nocontext.x", "contains('a')", "format()"}


def frame() -> Frame:
    outside = Frame("outside", "root", "", "")
    return Frame(
        "f",
        "root",
        "acme/app",
        "a.yml",
        env={name: Bound(Literal(value), outside) for name, value in CONTEXT["env"].items()},
        matrix={name: Literal(value) for name, value in CONTEXT["matrix"].items()},
        github=CONTEXT["github"],
    )


def valued(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [case for case in cases if "error" not in case]


@pytest.mark.parametrize("case", valued(CASES), ids=lambda case: case["expression"])
def test_an_expression_comes_to_what_github_makes_of_it(case: dict[str, Any]) -> None:
    found = evaluate(parse(case["expression"]), frame())
    if case["expression"].startswith("github.none"):
        # What an event holds nobody knows before it happens.
        assert [a.sources[0].kind for a in found] == ["context"]
        return
    assert len(found) == 1
    assert found[0].text == case["text"]
    if case["text"] not in ("Infinity", "-Infinity", "NaN"):
        assert found[0].value == (case["value"] if case["value"] is not None else found[0].value)


@pytest.mark.parametrize(
    "expression",
    [c["expression"] for c in CASES if "error" in c and c["expression"] not in LATER],
)
def test_what_github_refuses_has_no_value(expression: str) -> None:
    try:
        term = parse(expression)
    except ExpressionError:
        return
    found = evaluate(term, frame())
    assert all(not alternative.known for alternative in found), expression


@pytest.mark.parametrize("expression", sorted(LATER))
def test_what_nobody_knows_is_unknown(expression: str) -> None:
    found = evaluate(parse(expression), frame())
    assert all(not alternative.known for alternative in found)


def test_case_chooses_like_a_ternary() -> None:
    expression = "case(matrix.os == 'mac', 'a', matrix.os == 'linux', 'b', 'c')"
    (found,) = evaluate(parse(expression), frame())
    assert found.text == "b"
    (found,) = evaluate(parse("case(false, 'a', 'other')"), frame())
    assert found.text == "other"


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("${{ a }}", [" a "]),
        ("x${{a}}y${{ b }}z", ["a", " b "]),
        ("${{ '}}' }}", [" '}}' "]),
        ("${{ 'it''s }}' }} }}", [" 'it''s }}' "]),
        ("${{ open", []),
        ("${{ 'open }}", []),
        ("$ {{ a }}", []),
        ("", []),
    ],
)
def test_where_expressions_begin_and_end(text: str, inner: list[str]) -> None:
    assert [span.inner for span in spans(text)] == inner


def test_a_template_keeps_lines() -> None:
    term = template("a\n${{ secrets.A }}\n${{\n secrets.B }}", 10)
    assert isinstance(term, Concat)
    assert [t.line for t in walk(term) if isinstance(t, Access)] == [11, 13]


def test_a_broken_expression_is_unknown_with_its_text() -> None:
    assert template("${{ a b }}", 3) == Unknown("unresolved_expression", "a b", 3)


def test_contexts_have_no_case_and_index_is_a_property() -> None:
    assert parse("SECRETS['X']") == Access(("secrets", "X"))
    assert parse("secrets[matrix.x]") == Index(Access(("secrets",)), Access(("matrix", "x")))
    assert parse("a.b-c.d_e") == Access(("a", "b-c", "d_e"))


def test_operators_bind_as_documented() -> None:
    assert parse("!a && b") == Operation("&&", (Operation("!", (Access(("a",)),)), Access(("b",))))
    assert parse("a || b && c") == Operation(
        "||", (Access(("a",)), Operation("&&", (Access(("b",)), Access(("c",)))))
    )


def test_a_condition_needs_no_braces() -> None:
    assert condition("github.ref == 'x'", 1) == condition("${{ github.ref == 'x' }}", 1)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "!" * 10_000,
        "a" + "[a" * 10_000,
        "a." * 50_000 + "a",
        "'" * 10_001,
        "f(" * 60,
    ],
)
def test_deep_and_long_expressions_are_refused_soon(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ExpressionError):
        parse(text)
    assert time.process_time() - started < 10


def test_an_expression_longer_than_githubs_limit_is_refused() -> None:
    with pytest.raises(ExpressionError, match="too long"):
        parse("a" * (MAX_LENGTH + 1))


def test_many_unclosed_expressions_are_found_soon() -> None:
    started = time.process_time()
    assert spans("${{ '" * 50_000) == []
    assert time.process_time() - started < 10


ALPHABET = st.text(alphabet="ab.'()[]!&|=<>,* 0129x-{}$\n\"", max_size=60)


@given(ALPHABET)
def test_any_text_is_parsed_or_refused_and_its_term_survives_json(text: str) -> None:
    try:
        term = parse(text, 1)
    except ExpressionError:
        return
    assert spell(load(json.loads(json.dumps(dump(term))))) == spell(term)
    assert evaluate(term, frame())


@given(ALPHABET)
def test_any_text_is_a_template(text: str) -> None:
    assert evaluate(template(text, 1), frame())


def test_numbers_that_json_does_not_know_survive() -> None:
    made = load(json.loads(json.dumps(dump(parse("-Infinity")), allow_nan=False)))
    assert isinstance(made, Literal)
    assert made.value == -math.inf
