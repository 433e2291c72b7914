"""Function calls of expressions, over alternatives whose values may not be known."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from collector.workflows.alternatives import (
    MAX_ALTERNATIVES,
    Alternative,
    bounded,
    constant_of,
    guarded,
)
from collector.workflows.answers import open_question, unknown_of
from collector.workflows.frames import Frame
from collector.workflows.functions import FUNCTIONS, Undecidable, format_pieces
from collector.workflows.spelling import spell
from collector.workflows.terms import Access, Call, Concat, Literal, Operation, Term

Run = Callable[[Term, Frame], list[Alternative]]

_QUESTIONS: Final = frozenset({"contains", "startswith", "endswith"})
# The text changes its dress, the source in it is the same.
_DRESSING: Final = frozenset({"shell.lower", "tojson", "fromjson", "join"})
_PREDICATE_AND_VALUE: Final = 2


def evaluate_call(term: Call, frame: Frame, run: Run) -> list[Alternative]:
    """Return what a call can come to."""
    special = _SPECIAL.get(term.name)
    if special is not None and (term.args or term.name in _WITHOUT_ARGUMENTS):
        return special(term, frame, run)
    return _computed(term, frame, run)


def _yes(_term: Call, _frame: Frame, _run: Run) -> list[Alternative]:
    return [constant_of(True)]


def _maybe(term: Call, frame: Frame, _run: Run) -> list[Alternative]:
    return open_question(term, frame, ())


def _joined(term: Call, frame: Frame, run: Run) -> list[Alternative]:
    return run(Concat(term.args), frame)


def _to_json(term: Call, frame: Frame, run: Run) -> list[Alternative]:
    value = term.args[0]
    if isinstance(value, Access) and value.path == ("secrets",):
        return run(value, frame)
    return _computed(term, frame, run)


def _case(term: Call, frame: Frame, run: Run) -> list[Alternative]:
    """`case(p1, v1, p2, v2, default)` is `p1 && v1 || p2 && v2 || default`."""
    pairs, default = term.args[:-1], term.args[-1]
    if len(pairs) % _PREDICATE_AND_VALUE:
        return [unknown_of(spell(term), frame, line=term.line)]
    choice = default
    for at in range(len(pairs) - _PREDICATE_AND_VALUE, -1, -_PREDICATE_AND_VALUE):
        chosen = Operation("&&", (pairs[at], pairs[at + 1]))
        choice = Operation("||", (chosen, choice))
    return run(choice, frame)


def _format(term: Call, frame: Frame, run: Run) -> list[Alternative]:
    made: list[Alternative] = []
    for pattern in run(term.args[0], frame):
        parts = _parts(term, pattern)
        if parts is None:
            made.append(unknown_of(spell(term), frame, line=term.line))
        else:
            made.extend(guarded(run(Concat(parts), frame), pattern.guards))
    return bounded(made)


def _parts(term: Call, pattern: Alternative) -> tuple[Term, ...] | None:
    if pattern.text is None:
        return None
    try:
        return tuple(
            Literal(piece, term.line) if isinstance(piece, str) else term.args[piece + 1]
            for piece in format_pieces(pattern.text)
        )
    except (Undecidable, IndexError):
        return None


def _computed(term: Call, frame: Frame, run: Run) -> list[Alternative]:
    arity, function = FUNCTIONS.get(term.name, (0, None))
    if function is None or len(term.args) < arity:
        return [unknown_of(spell(term), frame, line=term.line)]
    made: list[Alternative] = []
    for args in _products([run(arg, frame) for arg in term.args]):
        guards = tuple(dict.fromkeys(g for arg in args for g in arg.guards))
        if not all(arg.known for arg in args):
            if term.name in _QUESTIONS:
                made.extend(open_question(term, frame, guards))
            elif term.name in _DRESSING:
                made.append(args[0].under(guards))
            else:
                made.append(unknown_of(spell(term), frame, line=term.line))
            continue
        try:
            value = function([arg.value for arg in args])
        except Undecidable:
            made.append(unknown_of(spell(term), frame, line=term.line))
            continue
        hops = tuple(h for arg in args for h in arg.hops)
        made.append(replace(constant_of(value, term.line), hops=hops, guards=guards))
    return bounded(made)


def _products(columns: list[list[Alternative]]) -> Iterator[list[Alternative]]:
    rows: list[list[Alternative]] = [[]]
    for column in columns:
        rows = [[*row, item] for row in rows for item in column][:MAX_ALTERNATIVES]
    for row in rows:
        answers: dict[str, str] = {}
        if all(answers.setdefault(q, a) == a for item in row for q, a in item.guards):
            yield row


_WITHOUT_ARGUMENTS: Final = frozenset({"success", "always", "failure", "cancelled"})
_SPECIAL: Final[dict[str, Callable[[Call, Frame, Run], list[Alternative]]]] = {
    "success": _yes,
    "always": _yes,
    "failure": _maybe,
    "cancelled": _maybe,
    "shell.taint": _joined,
    "format": _format,
    "tojson": _to_json,
    "case": _case,
}
