"""What the references share: made from a step, names put together, lists taken apart."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from collector.workflows.facts import SymbolicReference
from collector.workflows.flat import Flat
from collector.workflows.terms import Concat, Literal, Term, Via, concat, plain, walk

if TYPE_CHECKING:
    from collector.workflows.file_context import FileContext
    from collector.workflows.step_context import StepContext


# What a file has that can name one of GitHub's registries, by itself or through a value from
# outside. Without any of it, a name that is not known is worth no reading.
_POSSIBLE: Final = re.compile(
    r"ghcr\.io|\bpkg\.github|containers\.|docker\.(?!io\b|com\b)|ghe\.com|vars\.|inputs\."
    r"|event\.client_payload|secrets\.\w*(?:registry|host|url|image|repo)"
)


def possible(file: "FileContext") -> bool:
    """Tell whether an image of one of GitHub's registries can be named in a file."""
    return _POSSIBLE.search(file.lowered) is not None


def named(
    step: "StepContext",
    kind: str,
    name: Term,
    operation: str,
    *,
    line: int = 0,
    registry: str = "",
    host: Term | None = None,
) -> SymbolicReference:
    """Make a reference of a step; its `uses:` or first line when no line is given."""
    return SymbolicReference(
        kind,
        name,
        operation,
        step.job.id,
        step.index,
        line or (step.uses_line if step.uses else step.line),
        registry,
        host,
        step.conditions,
    )


def listed(term: Term) -> Iterator[Term]:
    """Yield the entries of a list in lines or between commas, of constant text or with parts."""
    flat = Flat.of(_opened(term))
    for piece in re.split(r"[\n,]", flat.text):
        entry = piece.strip().strip("\"'")
        if entry and not entry.startswith("#"):
            yield flat.term(entry)


def _opened(term: Term) -> Term:
    """Return a list without the hops over which it came, so that its lines can be seen."""
    text = plain(term)
    if text is not None:
        return Literal(text)
    while isinstance(term, Via):
        term = term.term
    if isinstance(term, Concat):
        return concat([_lines(part) for part in term.parts])
    return term


def _lines(part: Term) -> Term:
    text = plain(part)
    return Literal(text) if text is not None and "\n" in text else part


def beneath(host: Term, name: Term) -> Term:
    """Return `host/name`; the host may have a scheme, and the name begin with the host."""
    known = (plain(host) or "").rstrip("/")
    if known and (plain(name) or Flat.of(name).text).lower().startswith(known.lower() + "/"):
        return name
    flat = Flat.of(host)
    return concat([flat.term(flat.text.rstrip("/")), Literal("/"), name])


def mentions(term: Term, kind: type[Term]) -> bool:
    """Tell whether a term has a part of some kind."""
    return any(isinstance(inner, kind) for inner in walk(term))
