"""Alternatives that evaluation makes by itself: unknowns, and questions assumed both ways."""

from dataclasses import replace
from typing import Any

from collector.workflows.alternatives import Alternative, Guard, Source, assume
from collector.workflows.frames import Frame
from collector.workflows.spelling import spell
from collector.workflows.terms import Constant, Operation, Term


def value_fields(value: Constant) -> dict[str, Any]:
    """Return the fields of an alternative that holds a value."""
    if isinstance(value, str):
        return {"parts": (value,) if value else (), "constant": None}
    return {"parts": None, "constant": value}


def unknown_of(
    text: str, frame: Frame, *, reason: str = "unresolved_expression", line: int = 0
) -> Alternative:
    """Make an alternative of which nothing but a reason is known."""
    source = Source("unknown", text[:100], reason, line, frame.repository, frame.path)
    return Alternative((source,), line=line)


def open_question(term: Term, frame: Frame, guards: tuple[Guard, ...]) -> list[Alternative]:
    """Assume a condition both ways."""
    question = f"{frame.name}/{spell(term)}?"
    both = (
        assume(Alternative(None, value, (), guards), question, said)
        for value, said in ((True, "true"), (False, "false"))
    )
    return [made for made in both if made is not None]


def assumed_comparison(
    term: Operation, frame: Frame, guards: tuple[Guard, ...]
) -> list[Alternative]:
    """Assume `a == b` both ways; `!=` is the same question with the answers turned."""
    asked = Operation("==", term.args) if term.operator == "!=" else term
    answers = open_question(asked, frame, guards)
    if term.operator == "!=":
        return [replace(a, constant=not a.constant) for a in answers]
    return answers
