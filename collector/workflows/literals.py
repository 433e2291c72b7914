"""The literal credentials that a file's logins use: their words and lines, and facts without them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from collector.workflows.facts import FileFacts, Job, SymbolicLogin
from collector.workflows.sentinel import cover, is_covered
from collector.workflows.terms import (
    Access,
    Concat,
    Either,
    InJob,
    Literal,
    Operation,
    Term,
    Via,
    rebuild,
)

_WORD: Final = re.compile(r"[^\s:]+")
# Options, variables, files and placeholders that stand where a credential could.
_NO_CREDENTIAL: Final = re.compile(r"[-$%<{@/~].*|\.{1,2}/.*|[\"']*", re.DOTALL)
_NAMED: Final = 2


@dataclass(frozen=True, slots=True)
class Written:
    """One word of a literal credential, with the line that it stands on or near."""

    text: str
    line: int


def written_literals(facts: FileFacts) -> Iterator[Written]:
    """Yield the words of literal credentials that nothing covers yet."""
    for term, job in _credentials(facts):
        for literal in _literals(term, facts, job):
            for match in _WORD.finditer(str(literal.value)):
                if not is_covered(match[0]) and not _NO_CREDENTIAL.fullmatch(match[0]):
                    yield Written(match[0], literal.line)


def without_literals(facts: FileFacts) -> FileFacts:
    """Return facts in which every literal credential is covered, wherever its text was."""

    def covered(term: Term) -> Term:
        if isinstance(term, Literal) and isinstance(term.value, str):
            return Literal(cover(term.value), term.line)
        return rebuild(term, covered)

    def changed(login: SymbolicLogin) -> SymbolicLogin:
        own = replace(facts, logins=(login,), calls=())
        return (
            replace(login, credential=covered(login.credential))
            if any(written_literals(own))
            else login
        )

    return replace(facts, logins=tuple(map(changed, facts.logins)))


def _credentials(facts: FileFacts) -> Iterator[tuple[Term, Job | None]]:
    for login in facts.logins:
        yield login.credential, facts.job(login.job)
    for call in facts.calls:
        for term in (call.secrets or {}).values():
            yield term, facts.job(call.job)


def _literals(term: Term, facts: FileFacts, job: Job | None, depth: int = 0) -> Iterator[Literal]:
    """Yield the literals that a term can come to."""
    if isinstance(term, Literal):
        if isinstance(term.value, str):
            yield term
    elif depth < _MAX_DEPTH:
        if isinstance(term, InJob):
            job = facts.job(term.job)
        for child in _outcomes(term, facts, job):
            yield from _literals(child, facts, job, depth + 1)


def _outcomes(term: Term, facts: FileFacts, job: Job | None) -> Iterable[Term]:
    """Return what a term can come to; what stands in a condition is none of it."""
    match term:
        case Via(_, _, _, inner) | InJob(_, inner):
            return (inner,)
        case Operation("||", args) | Either(_, args):
            return args
        case Operation("&&", args):
            return args[1:]
        case Concat(parts):
            # Words beside a source are `user:` and the like.
            return parts if all(_constant(part) for part in parts) else ()
        case Access(path) if len(path) >= _NAMED:
            return _named(path, facts, job)
        case _:
            return ()


_MAX_DEPTH: Final = 40


def _constant(term: Term) -> bool:
    while isinstance(term, Via):
        term = term.term
    return isinstance(term, Literal)


def _named(path: tuple[str, ...], facts: FileFacts, job: Job | None) -> Iterator[Term]:
    """Yield what the file itself says of a matrix key or an input's default."""
    name = path[1].lower()
    if path[0] == "matrix" and job is not None:
        yield from (row[name] for row in job.rows or () if name in row)
    if path[0] == "inputs":
        found = (declared for declared in facts.inputs if declared.name.lower() == name)
        yield from (declared.default for declared in found if declared.default is not None)
