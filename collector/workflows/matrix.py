"""`strategy.matrix` as static rows: axes multiplied, exclude taken out, include put in."""

import itertools
from typing import Final

from collector.workflows.closing import Scope
from collector.workflows.document import Mapping, Node, Scalar, Sequence
from collector.workflows.expressions import scalar_term
from collector.workflows.terms import Call, Constant, Element, Literal, Term, plain

MAX_ROWS: Final = 256  # GitHub's own limit of jobs in a matrix

Row = dict[str, Term]


def matrix_rows(job: Mapping, scope: Scope) -> tuple[Row, ...]:
    """Return a job's matrix rows; one empty row without a matrix."""
    strategy = job.mapping("strategy")
    node = strategy.get("matrix") if strategy else None
    if isinstance(node, Scalar):
        # The whole matrix is an expression: whatever key is asked for is one of its own.
        whole = scope.close(scalar_term(node))
        return ({"*": whole},) if node.text.strip() else ({},)
    if not isinstance(node, Mapping):
        return ({},)
    axes = {
        key.lower(): _cells(value, scope)
        for key, value in node.values.items()
        if key not in ("include", "exclude")
    }
    rows = _product(axes) if axes else []
    excluded = _entries(node.get("exclude"), scope)
    rows = [row for row in rows if not any(_covers(row, entry) for entry in excluded)]
    rows = _included(rows, _entries(node.get("include"), scope), frozenset(axes))
    if isinstance(node.get("include"), Scalar):
        # A dynamic include adds rows that are known only when it runs.
        rows.append({"*include": scope.close(scalar_term(node.values["include"]))})  # type: ignore[arg-type]
    return tuple(rows[:MAX_ROWS]) or ({},)


def _cells(node: Node, scope: Scope) -> list[Term]:
    if isinstance(node, Sequence):
        return [_cell(item, scope) for item in node.items]
    if isinstance(node, Scalar):
        term = scope.close(scalar_term(node))
        return [Element(term)] if "${{" in node.text else [term]
    return [_cell(node, scope)]


def _cell(node: Node, scope: Scope) -> Term:
    if isinstance(node, Scalar):
        return scope.close(scalar_term(node))
    return _object(node, scope)


def _object(node: Node, scope: Scope) -> Term:
    """Return a mapping or list of the matrix; expressions inside keep their terms."""
    if isinstance(node, Mapping):
        pairs = tuple((key, _cell(value, scope)) for key, value in node.values.items())
        if all(isinstance(term, Literal) for _, term in pairs):
            return Literal({key: _constant(term) for key, term in pairs}, node.line)
        return Call("object", tuple(term for key, value in pairs for term in (Literal(key), value)))
    if isinstance(node, Sequence):
        return Literal([_constant(_cell(item, scope)) for item in node.items], node.line)
    return scope.close(scalar_term(node))


def _constant(term: Term) -> Constant:
    return term.value if isinstance(term, Literal) else plain(term)


def _product(axes: dict[str, list[Term]]) -> list[Row]:
    combinations = itertools.product(*axes.values())
    return [
        dict(zip(axes, combination, strict=True))
        for combination in itertools.islice(combinations, MAX_ROWS)
    ]


def _entries(node: Node | None, scope: Scope) -> list[Row]:
    items = node.items if isinstance(node, Sequence) else []
    return [
        {key.lower(): _cell(value, scope) for key, value in item.values.items()}
        for item in items
        if isinstance(item, Mapping)
    ]


def _same(left: Term | None, right: Term) -> bool:
    if isinstance(left, Literal) and isinstance(right, Literal):
        return left.value == right.value
    return left == right


def _covers(row: Row, entry: Row) -> bool:
    return all(_same(row.get(key), value) for key, value in entry.items())


def _included(rows: list[Row], entries: list[Row], axes: frozenset[str]) -> list[Row]:
    """Apply `include` as documented: extend each fitting row, else add one of its own."""
    made = [dict(row) for row in rows]
    added: list[Row] = []
    for entry in entries:
        fitting = [
            row
            for row in made
            if all(_same(row.get(key), value) for key, value in entry.items() if key in axes)
        ]
        if not fitting or not rows:
            added.append(dict(entry))
            continue
        for row in fitting:
            row.update(entry)
    return [*made, *added]
