"""A file in a frame at a place, and the matrix rows and assumptions in which its items can run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from collector.workflows.alternatives import Guard, Hop, compatible, merge_guards
from collector.workflows.evaluate import evaluate, truth
from collector.workflows.facts import Call, FileFacts, SymbolicLogin, SymbolicReference
from collector.workflows.frames import Frame
from collector.workflows.hosts import RegistryHosts
from collector.workflows.terms import Access, Term, walk

Framed = tuple[Frame, tuple[Guard, ...] | None]
_NO_MATRIX: Final[tuple[dict[str, Term], ...]] = ({},)
Item = Call | SymbolicLogin | SymbolicReference
_MAX_ASSUMPTIONS: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """How a file was come to: what of the root's lines stands for it.

    Attributes:
        job: the root's job; None in the root itself.
        line: the root's line that calls.
        step: the root's step that calls.
        calls: the calls on the way, outermost first.
        through: workflow or action, of the innermost call; empty in the root.
        ref: at which the file stands; empty for the revision that is examined.
    """

    job: str | None = None
    line: int = 0
    step: str = ""
    calls: tuple[Hop, ...] = ()
    through: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file in a frame, at a place: what the rows are made from."""

    facts: FileFacts
    frame: Frame
    place: Place
    hosts: RegistryHosts
    # The frame of each job's matrix row, and under what each step runs in it.
    frames: dict[tuple[object, ...], Frame] = field(default_factory=dict, compare=False)
    assumed: dict[tuple[object, ...], list[tuple[Guard, ...]]] = field(
        default_factory=dict, compare=False
    )


def frames(
    reading: Reading, item: Item, *, concerns: Callable[[Frame], bool] | None = None
) -> Iterator[Framed]:
    """Yield the frame of each matrix row in which an item can run, with what that assumes.

    Where no row lets it run, one frame comes with None for its assumptions: it is disabled. In a
    callee that is so only for a constant `if:`; else this caller just never gets there.

    Args:
        reading: the file in its frame.
        item: a login, a reference or a call of that file.
        concerns: tells by a frame alone whether the item matters there; conditions cost more.
    """
    job = reading.facts.job(item.job)
    rows = job.rows if job is not None else _NO_MATRIX
    projected = [{}] if rows == _NO_MATRIX else _projected(rows, _matrix_keys(item))
    any_row = False
    first: Frame | None = None
    for row in projected:
        key = (item.job, None if row is None else tuple((k, id(v)) for k, v in row.items()))
        frame = reading.frames.get(key)
        if frame is None:
            frame = replace(reading.frame, matrix=row, job=item.job)
            reading.frames[key] = frame
        if concerns is not None and not concerns(frame):
            continue
        first = first or frame
        for guards in _assumed(reading, item, frame, key):
            any_row = True
            yield frame, guards
    if not any_row and first is not None:
        constant = any(_constant(condition) for condition in item.conditions)
        if reading.place.job is None or constant:
            yield first, None


def _assumed(
    reading: Reading, item: Item, frame: Frame, place: tuple[object, ...]
) -> list[tuple[Guard, ...]]:
    if not item.conditions:
        return [()]
    # The facts live as long as the reading, so an id is that of one condition only.
    key = (*place, *map(id, item.conditions))
    if key not in reading.assumed:
        reading.assumed[key] = list(_assumptions(item.conditions, frame))
    return reading.assumed[key]


def _matrix_keys(item: Item) -> frozenset[str] | None:
    """Return the matrix keys that an item's terms use; None where all may be."""
    keys: set[str] = set()
    for term in _terms_of(item):
        for inner in walk(term):
            if isinstance(inner, Access) and inner.path[0] == "matrix":
                if len(inner.path) == 1:
                    return None
                keys.add(inner.path[1].lower())
    return frozenset(keys)


def _terms_of(item: Item) -> Iterator[Term]:
    if isinstance(item, Call):
        for mapping in (item.inputs, item.secrets or {}, item.env):
            yield from mapping.values()
    elif isinstance(item, SymbolicLogin):
        yield from (item.host, item.credential)
    else:
        yield item.name
        if item.host is not None:
            yield item.host
    yield from item.conditions


def _projected(
    rows: tuple[dict[str, Term], ...] | None, keys: frozenset[str] | None
) -> list[Mapping[str, Term] | None]:
    """Return the rows cut down to some keys, each once."""
    if rows is None:
        return [None]
    if keys is not None and not keys:
        return [{}]
    made: list[Mapping[str, Term] | None] = []
    for row in rows:
        cut = {k: v for k, v in row.items() if keys is None or k in keys or k.startswith("*")}
        if cut not in made:
            made.append(cut)
    return made or [{}]


def _assumptions(conditions: tuple[Term, ...], frame: Frame) -> Iterator[tuple[Guard, ...]]:
    """Yield the sets of assumptions under which all conditions hold."""
    made: list[tuple[Guard, ...]] = [()]
    for condition in conditions:
        holding = [a.guards for a in evaluate(condition, frame) if truth(a) is not False]
        made = [
            merge_guards(before, guards)
            for before in made
            for guards in dict.fromkeys(holding)
            if compatible(before, guards)
        ][:_MAX_ASSUMPTIONS]
    yield from _widest(made)


def _widest(sets: list[tuple[Guard, ...]]) -> list[tuple[Guard, ...]]:
    """Drop the sets that only assume more than another does."""
    kept: list[tuple[Guard, ...]] = []
    for guards in sorted(dict.fromkeys(sets), key=len):
        if not any(set(other) <= set(guards) for other in kept):
            kept.append(guards)
    return kept


def _constant(condition: Term) -> bool:
    return not any(isinstance(inner, Access) for inner in walk(condition))
