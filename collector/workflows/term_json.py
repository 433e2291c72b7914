"""Terms as JSON-ready lists, and back."""

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
)


def dump(term: Term) -> list[Any]:
    """Write a term as JSON-ready lists, its kind first."""
    if isinstance(term, Literal) and isinstance(term.value, float):
        # JSON has no NaN and no Infinity.
        return ["number", str(term.value), term.line]
    return [_NAMES[type(term)], *_DUMPERS[type(term)](term)]


def load(data: list[Any]) -> Term:
    """Read a term back from what `dump` wrote.

    Raises:
        ValueError: it is no term.
    """
    loader = _LOADERS.get(data[0]) if data else None
    if loader is None:
        raise ValueError("not a term")
    return loader(*data[1:])


def _dump_all(terms: tuple[Term, ...]) -> list[Any]:
    return [dump(term) for term in terms]


def _load_all(data: list[Any]) -> tuple[Term, ...]:
    return tuple(map(load, data))


_NAMES: Final[dict[type, str]] = {
    Literal: "literal",
    Access: "access",
    Unknown: "unknown",
    Call: "call",
    Operation: "operation",
    Via: "via",
    Either: "either",
    InJob: "in_job",
    Index: "index",
    Concat: "concat",
    Element: "element",
}
_DUMPERS: Final[dict[type, Callable[[Any], list[Any]]]] = {
    Literal: lambda term: [term.value, term.line],
    Access: lambda term: [list(term.path), term.line],
    Unknown: lambda term: [term.reason, term.text, term.line],
    Call: lambda term: [term.name, _dump_all(term.args), term.line],
    Operation: lambda term: [term.operator, _dump_all(term.args)],
    Via: lambda term: [term.kind, term.text, term.line, dump(term.term)],
    Either: lambda term: [term.key, _dump_all(term.options)],
    InJob: lambda term: [term.job, dump(term.term)],
    Index: lambda term: [[dump(term.base), dump(term.key)]],
    Concat: lambda term: [_dump_all(term.parts)],
    Element: lambda term: [[dump(term.term)]],
}
_LOADERS: Final[dict[str, Callable[..., Term]]] = {
    "literal": Literal,
    "number": lambda text, line: Literal(float(text), line),
    "access": lambda path, line: Access(tuple(path), line),
    "unknown": Unknown,
    "call": lambda name, args, line: Call(name, _load_all(args), line),
    "operation": lambda operator, args: Operation(operator, _load_all(args)),
    "via": lambda kind, text, line, inner: Via(kind, text, line, load(inner)),
    "either": lambda key, options: Either(key, _load_all(options)),
    "in_job": lambda job, inner: InJob(job, load(inner)),
    "index": lambda pair: Index(load(pair[0]), load(pair[1])),
    "concat": lambda parts: Concat(_load_all(parts)),
    "element": lambda inner: Element(load(inner[0])),
}
