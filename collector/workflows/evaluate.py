"""The evaluator: a term in a frame becomes a bounded set of alternatives with their hops."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from collector.workflows.alternatives import (
    MAX_ALTERNATIVES,
    Alternative,
    Hop,
    Source,
    assume,
    bounded,
    compatible,
    constant_of,
    guarded,
    merge_guards,
)
from collector.workflows.answers import assumed_comparison, unknown_of, value_fields
from collector.workflows.calls import evaluate_call
from collector.workflows.contexts import resolve
from collector.workflows.frames import Frame
from collector.workflows.functions import compare, index, truthy
from collector.workflows.spelling import spell
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

MAX_DEPTH: Final = 60
MAX_STEPS: Final = 20_000


def evaluate(term: Term, frame: Frame) -> list[Alternative]:
    """Return everything that a term can come to in a frame, at most a bounded number."""
    if isinstance(term, Literal):
        return [constant_of(term.value, term.line)]
    return _Evaluation().run(term, frame)


def truth(alternative: Alternative) -> bool | None:
    """Tell whether an alternative counts as true in a condition; None when it can't be told."""
    if alternative.known:
        return truthy(alternative.value)
    if any(isinstance(part, str) and part for part in alternative.pieces):
        return True
    if any(source.kind == "github_token" for source in alternative.sources):
        return True
    return None


class _Evaluation:
    """One evaluation, with a budget that all the frames it passes through share."""

    __slots__ = ("_depth", "_steps")

    def __init__(self) -> None:
        self._steps = 0
        self._depth = 0

    def run(self, term: Term, frame: Frame) -> list[Alternative]:
        self._steps += 1
        if self._steps > MAX_STEPS or self._depth > MAX_DEPTH:
            return [unknown_of("too much to evaluate", frame)]
        self._depth += 1
        try:
            return _HANDLERS[type(term)](self, term, frame)
        finally:
            self._depth -= 1

    def literal(self, term: Literal, _frame: Frame) -> list[Alternative]:
        return [constant_of(term.value, term.line)]

    def unknown(self, term: Unknown, frame: Frame) -> list[Alternative]:
        return [unknown_of(term.text, frame, reason=term.reason, line=term.line)]

    def access(self, term: Access, frame: Frame) -> list[Alternative]:
        return bounded(resolve(term, frame, self.run))

    def via(self, term: Via, frame: Frame) -> list[Alternative]:
        hop = Hop(term.kind, term.text, frame.repository, frame.path, term.line)
        return [a.behind(hop) for a in self.run(term.term, frame)]

    def concat(self, term: Concat, frame: Frame) -> list[Alternative]:
        columns = [self.run(part, frame) for part in term.parts]
        if all(len(column) == 1 and not column[0].guards for column in columns):
            return [_put_together([column[0] for column in columns])]
        made = [Alternative(())]
        for column in columns:
            made = bounded(self._joined(made, column))
        return made

    @staticmethod
    def _joined(lefts: list[Alternative], rights: list[Alternative]) -> Iterator[Alternative]:
        for left in lefts:
            for right in guarded(rights, left.guards):
                parts = (*left.pieces, *(p for p in right.pieces if p != ""))
                # The line of a whole is that of the first source in it, or of its text.
                line = right.line if right.sources and not left.sources else left.line
                hops = left.hops + tuple(h for h in right.hops if h not in left.hops)
                yield Alternative(parts, None, hops, right.guards, line or right.line)

    def either(self, term: Either, frame: Frame) -> list[Alternative]:
        made: list[Alternative] = []
        for number, option in enumerate(term.options):
            guard = ((f"{frame.name}/{term.key}", str(number)),)
            made.extend(guarded(self.run(option, frame), guard))
        return bounded(made)

    def element(self, term: Element, frame: Frame) -> list[Alternative]:
        made: list[Alternative] = []
        question = f"{frame.name}/{spell(term.term)}[]"
        for alternative in self.run(term.term, frame):
            items = alternative.value if alternative.known else None
            if not isinstance(items, list):
                made.append(unknown_of(spell(term.term), frame, line=alternative.line))
                continue
            for number, item in enumerate(islice(items, MAX_ALTERNATIVES)):
                chosen = assume(alternative, question, str(number))
                if chosen is not None:
                    made.append(replace(chosen, **value_fields(item)))
        return bounded(made)

    def in_job(self, term: InJob, frame: Frame) -> list[Alternative]:
        rows = frame.rows_of(term.job) if frame.rows_of else None
        if rows is None:
            return self.run(term.term, replace(frame, job=term.job, matrix=None))
        made: list[Alternative] = []
        for row in rows or [{}]:
            made.extend(self.run(term.term, replace(frame, job=term.job, matrix=row)))
        return bounded(made)

    def index(self, term: Index, frame: Frame) -> list[Alternative]:
        made: list[Alternative] = []
        for key in self.run(term.key, frame):
            if isinstance(term.base, Access):
                found = self._named(term.base, key, frame)
            else:
                found = self._indexed(self.run(term.base, frame), key, frame, term)
            made.extend(replace(a, hops=key.hops + a.hops) for a in guarded(found, key.guards))
        return bounded(made)

    def _named(self, base: Access, key: Alternative, frame: Frame) -> list[Alternative]:
        name = key.text
        if name:
            return self.run(Access((*base.path, name), base.line), frame)
        if base.path == ("secrets",):
            asked = "".join(p if isinstance(p, str) else p.expression for p in key.pieces)
            source = Source(
                "dynamic_secret",
                asked,
                "unresolved_expression",
                base.line,
                frame.repository,
                frame.path,
            )
            return [Alternative((source,), line=base.line)]
        return [unknown_of(f"{base.text}[…]", frame, line=base.line)]

    @staticmethod
    def _indexed(
        bases: list[Alternative], key: Alternative, frame: Frame, term: Index
    ) -> list[Alternative]:
        made: list[Alternative] = []
        for base in bases:
            if any(source.kind == "secret" for source in base.sources):
                # A field of `fromJSON(secrets.X)` is that secret's.
                made.append(base)
            elif not (base.known and key.known) or isinstance(base.value, str):
                made.append(unknown_of(spell(term), frame, line=base.line))
            else:
                made.append(replace(base, **value_fields(index(base.value, key.value))))
        return made

    def operation(self, term: Operation, frame: Frame) -> list[Alternative]:
        if term.operator in ("&&", "||"):
            return self._choice(term, frame)
        if term.operator == "!":
            return [self._negated(a) for a in self._condition(term.args[0], frame)]
        return self._comparison(term, frame)

    def _choice(self, term: Operation, frame: Frame) -> list[Alternative]:
        left_term, right_term = term.args
        rights: list[Alternative] | None = None
        stops_on = term.operator == "||"
        made: list[Alternative] = []
        question = f"{frame.name}/{spell(left_term)}?"
        # In `condition && a || b` people mean a ternary: a secret in `a` is taken to be there.
        ternary = stops_on and isinstance(left_term, Operation) and left_term.operator == "&&"
        for left in self.run(left_term, frame):
            answer = truth(left)
            if answer is None and ternary:
                answer = True
            if answer is not None and answer == stops_on:
                made.append(left)
                continue
            rights = self.run(right_term, frame) if rights is None else rights
            if answer is not None:
                made.extend(guarded(rights, left.guards))
                continue
            staying = assume(left, question, "true" if stops_on else "false")
            if staying is not None:
                made.append(staying if stops_on else replace(staying, parts=(), hops=()))
            going = assume(left, question, "false" if stops_on else "true")
            if going is not None:
                made.extend(guarded(rights, going.guards))
        return bounded(made)

    def _condition(self, term: Term, frame: Frame) -> list[Alternative]:
        """Evaluate to alternatives whose truth is known, by assuming where it is not."""
        made: list[Alternative] = []
        question = f"{frame.name}/{spell(term)}?"
        for alternative in self.run(term, frame):
            answer = truth(alternative)
            if answer is not None:
                made.append(Alternative(None, answer, alternative.hops, alternative.guards))
                continue
            for value, said in ((True, "true"), (False, "false")):
                assumed = assume(alternative, question, said)
                if assumed is not None:
                    made.append(Alternative(None, value, (), assumed.guards))
        return bounded(made)

    @staticmethod
    def _negated(alternative: Alternative) -> Alternative:
        return replace(alternative, parts=None, constant=not truthy(alternative.value))

    def _comparison(self, term: Operation, frame: Frame) -> list[Alternative]:
        made: list[Alternative] = []
        lefts, rights = (self.run(arg, frame) for arg in term.args)
        for left in lefts:
            for right in rights:
                if not compatible(left.guards, right.guards):
                    continue
                guards = merge_guards(left.guards, right.guards)
                if left.known and right.known:
                    answer = compare(term.operator, left.value, right.value)
                    made.append(Alternative(None, answer, (), guards))
                else:
                    made.extend(assumed_comparison(term, frame, guards))
        return bounded(made)

    def call(self, term: Call, frame: Frame) -> list[Alternative]:
        return evaluate_call(term, frame, self.run)


def _put_together(parts: list[Alternative]) -> Alternative:
    """Join alternatives that assume nothing."""
    pieces: list[str | Source] = []
    hops: dict[Hop, None] = {}
    line = source_line = 0
    for part in parts:
        pieces.extend(piece for piece in part.pieces if piece != "")
        hops.update(dict.fromkeys(part.hops))
        line = line or part.line
        source_line = source_line or (part.line if part.sources else 0)
    return Alternative(tuple(pieces), None, tuple(hops), (), source_line or line)


_HANDLERS: Final[dict[type, Callable[[_Evaluation, Any, Frame], list[Alternative]]]] = {
    Literal: _Evaluation.literal,
    Access: _Evaluation.access,
    Index: _Evaluation.index,
    Call: _Evaluation.call,
    Operation: _Evaluation.operation,
    Concat: _Evaluation.concat,
    Via: _Evaluation.via,
    Either: _Evaluation.either,
    Element: _Evaluation.element,
    InJob: _Evaluation.in_job,
    Unknown: _Evaluation.unknown,
}
