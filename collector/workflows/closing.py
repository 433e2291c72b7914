"""Closing: env, step outputs and job outputs of a term are replaced by what they stand for."""

from typing import Final, Protocol

from collector.workflows.terms import (
    Access,
    Literal,
    Term,
    Unknown,
    is_open,
    oversized,
    rebuild,
)

MAX_DEPTH: Final = 30
_OUTPUT_LENGTH: Final = 4
_NAMED: Final = 2


class Surroundings(Protocol):
    """What a term can see where it stands; None where it is not known there."""

    def visible_env(self, name: str) -> Term | None:
        """Return a variable of the `env` context."""

    def visible_output(self, context: str, owner: str, name: str, line: int) -> Term | None:
        """Return an output of a step or a needed job."""


class Scope:
    """Closes terms over their surroundings."""

    __slots__ = ("_surroundings",)

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def close(self, term: Term) -> Term:
        """Replace what is known here; the rest stays as it is."""
        if isinstance(term, Literal):
            return term
        if isinstance(term, Access):
            return self._access(term)
        return rebuild(term, self.close) if is_open(term) else term

    def _access(self, term: Access) -> Term:
        path = term.path
        if path[0] == "env" and len(path) == _NAMED:
            return self._surroundings.visible_env(path[1]) or term
        if path[0] in ("steps", "needs") and len(path) == _OUTPUT_LENGTH:
            if path[2].lower() != "outputs":
                return term
            found = self._surroundings.visible_output(path[0], path[1], path[3], term.line)
            return found if found is not None else term
        return term


def bounded_term(term: Term) -> Term:
    """Return the term, or an unknown where it has grown past the bound."""
    if isinstance(term, (Literal, Access)) or not oversized(term):
        return term
    return Unknown("unresolved_expression", "a value put together from too many others")
