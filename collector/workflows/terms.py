"""Terms: what a value in a workflow is made of, before anything is evaluated; JSON and back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

Constant = str | float | bool | None | list[Any] | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: text of the file, or a number, boolean, null, list or object of an expression.

    Attributes:
        line: where the text stands, 1-based; 0 where it stands nowhere in the file.
    """

    value: Constant
    line: int = 0


@dataclass(frozen=True, slots=True)
class Access:
    """A context with properties, such as `secrets.TOKEN`; the context is in lower case."""

    path: tuple[str, ...]
    line: int = 0

    @property
    def context(self) -> str:
        """Return the context's name."""
        return self.path[0]

    @property
    def text(self) -> str:
        """Return the access as the file would spell it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Index:
    """`base[key]` where the key or the base is not a plain name."""

    base: "Term"
    key: "Term"


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; the name is in lower case.

    Attributes:
        name: a GitHub function, or one of ours that a shell has: `shell.lower`, `shell.taint`.
    """

    name: str
    args: "tuple[Term, ...]"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands: ! || && == != < <= > >=."""

    operator: str
    args: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Concat:
    """Parts put together to one text, as in a template or a shell word."""

    parts: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Via:
    """A term that came here over a named place: one hop of the path that is shown.

    Attributes:
        kind: env, matrix, output, input, default, variable (a shell's own), file.
        text: the name there.
    """

    kind: str
    text: str
    line: int
    term: "Term"


@dataclass(frozen=True, slots=True)
class Either:
    """One of several terms, as the branches of a shell script leave them.

    Attributes:
        key: equal keys choose equally within one scope.
    """

    key: str
    options: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Element:
    """Any one element of a list that is only known when it is linked, as a dynamic matrix axis."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class InJob:
    """A term of another job, so in any of that job's matrix rows."""

    job: str
    term: "Term"


@dataclass(frozen=True, slots=True)
class Unknown:
    """What can't be told from the text, with why.

    Attributes:
        reason: a reason code of the rule catalogue.
        text: what stands there, shortened.
    """

    reason: str
    text: str = ""
    line: int = 0


Term = (
    Literal | Access | Index | Call | Operation | Concat | Via | Either | Element | InJob | Unknown
)

EMPTY: Final = Literal("")
MAX_TERM_NODES: Final = 2_000
MAX_TERM_DEPTH: Final = 100


def children(term: Term) -> tuple[Term, ...]:
    """Return the terms directly inside a term."""
    return _CHILDREN[type(term)](term)


_CHILDREN: Final[dict[type, Callable[[Any], tuple[Term, ...]]]] = {
    Literal: lambda _term: (),
    Access: lambda _term: (),
    Unknown: lambda _term: (),
    Index: lambda term: (term.base, term.key),
    Call: lambda term: term.args,
    Operation: lambda term: term.args,
    Concat: lambda term: term.parts,
    Via: lambda term: (term.term,),
    Either: lambda term: term.options,
    Element: lambda term: (term.term,),
    InJob: lambda term: (term.term,),
}


def walk(term: Term) -> Iterator[Term]:
    """Yield a term and all terms in it, outermost first, up to the size bound."""
    stack = [term]
    for _ in range(MAX_TERM_NODES):
        if not stack:
            return
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def oversized(term: Term) -> bool:
    """Tell whether a term has more nodes, or is nested more deeply, than may be evaluated."""
    level: list[Term] = [term]
    nodes = depth = 0
    while level:
        nodes += len(level)
        depth += 1
        if nodes >= MAX_TERM_NODES or depth > MAX_TERM_DEPTH:
            return True
        level = [inner for outer in level for inner in children(outer)]
    return False


def rebuild(term: Term, change: Callable[[Term], Term]) -> Term:
    """Return the term with each term directly inside it changed."""
    return _REBUILT[type(term)](term, change)


_REBUILT: Final[dict[type, Callable[[Any, Callable[[Term], Term]], Term]]] = {
    Literal: lambda term, _change: term,
    Access: lambda term, _change: term,
    Unknown: lambda term, _change: term,
    Index: lambda term, change: Index(change(term.base), change(term.key)),
    Call: lambda term, change: Call(term.name, tuple(map(change, term.args)), term.line),
    Operation: lambda term, change: Operation(term.operator, tuple(map(change, term.args))),
    Concat: lambda term, change: Concat(tuple(map(change, term.parts))),
    Via: lambda term, change: Via(term.kind, term.text, term.line, change(term.term)),
    Either: lambda term, change: Either(term.key, tuple(map(change, term.options))),
    Element: lambda term, change: Element(change(term.term)),
    InJob: lambda term, change: InJob(term.job, change(term.term)),
}


def is_open(term: Term) -> bool:
    """Tell whether a term has something in it that closing may replace."""
    if isinstance(term, Access):
        return term.path[0] in _CLOSED_OVER
    return any(map(is_open, children(term)))


_CLOSED_OVER: Final = frozenset({"env", "steps", "needs"})


def concat(parts: Iterable[Term]) -> Term:
    """Put parts together, neighbouring literals joined; one part stays itself."""
    joined: list[Term] = []
    for part in parts:
        if isinstance(part, Concat):
            pieces: tuple[Term, ...] = part.parts
        else:
            pieces = (part,)
        for piece in pieces:
            last = joined[-1] if joined else None
            if (
                isinstance(piece, Literal)
                and isinstance(piece.value, str)
                and isinstance(last, Literal)
                and isinstance(last.value, str)
            ):
                joined[-1] = Literal(last.value + piece.value, last.line or piece.line)
            else:
                joined.append(piece)
    if not joined:
        return EMPTY
    return joined[0] if len(joined) == 1 else Concat(tuple(joined))


def plain(term: Term | None) -> str | None:
    """Return a term's text where it is constant text, over any hops; else None."""
    if type(term) is Literal and type(term.value) is str:
        return term.value
    while isinstance(term, Via):
        term = term.term
    if isinstance(term, Literal):
        return term.value if isinstance(term.value, str) else as_text(term.value)
    if isinstance(term, Concat):
        texts = [plain(part) for part in term.parts]
        known = [text for text in texts if text is not None]
        return "".join(known) if len(known) == len(texts) else None
    return None


_NOT_FINITE: Final = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}


def as_text(value: Constant) -> str:
    """Convert a constant to text as GitHub's expressions do."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _NOT_FINITE.get(str(value)) or f"{value + 0:.15g}"
    return "Object" if isinstance(value, dict) else "Array"


def term_line(term: Term) -> int:
    """Return the line of the first thing in a term that may be a credential, else of any."""
    fallback = 0
    for inner in walk(term):
        if isinstance(inner, Access) and inner.context in _CREDENTIAL_CONTEXTS and inner.line:
            return inner.line
        if not fallback and isinstance(inner, (Literal, Access, Unknown, Via, Call)):
            fallback = inner.line
    return fallback


_CREDENTIAL_CONTEXTS: Final = frozenset({"secrets", "github", "inputs", "steps", "needs"})
