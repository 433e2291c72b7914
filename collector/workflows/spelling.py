"""Terms spelled as expressions, for questions that must be told apart and for people."""

from collections.abc import Callable
from typing import Any, Final

from collector.workflows.terms import (
    Access,
    Call,
    Concat,
    Either,
    Element,
    Index,
    InJob,
    Literal,
    Operation,
    Term,
    Unknown,
    Via,
    as_text,
)

_MAX_DEPTH: Final = 20


def spell(term: Term, *, depth: int = 0) -> str:
    """Return a term as an expression, lower case where GitHub does not care, hops left out."""
    if depth > _MAX_DEPTH:
        return "…"
    return _SPELLERS[type(term)](term, lambda inner: spell(inner, depth=depth + 1))


def _literal(term: Literal, _inner: Callable[[Term], str]) -> str:
    return f"'{term.value}'" if isinstance(term.value, str) else as_text(term.value)


def _operation(term: Operation, inner: Callable[[Term], str]) -> str:
    if term.operator == "!":
        return f"!{inner(term.args[0])}"
    return f" {term.operator} ".join(map(inner, term.args))


_SPELLERS: Final[dict[type, Callable[[Any, Callable[[Term], str]], str]]] = {
    Literal: _literal,
    Access: lambda term, _inner: term.text.lower(),
    Via: lambda term, inner: inner(term.term),
    InJob: lambda term, inner: inner(term.term),
    Element: lambda term, inner: f"{inner(term.term)}[*]",
    Index: lambda term, inner: f"{inner(term.base)}[{inner(term.key)}]",
    Call: lambda term, inner: f"{term.name}({', '.join(map(inner, term.args))})",
    Operation: _operation,
    Concat: lambda term, inner: "".join(map(inner, term.parts)),
    Either: lambda term, _inner: f"either({term.key})",
    Unknown: lambda term, _inner: term.text,
}
