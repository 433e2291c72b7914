"""Builds a document's nodes from libyaml's events, the way GitHub reads YAML, within bounds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from collector.workflows.document import Mapping, Node, Scalar, Sequence, WorkflowParseError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH: Final = 100
MAX_NODES: Final = 100_000
MAX_ALIASED_NODES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a readable document that GitHub refuses: duplicate_key or merge_key."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """A composed document; root is None for an empty file."""

    root: Node | None
    problems: tuple[Problem, ...]


def compose(text: str) -> Document:
    """Build the nodes of one document from libyaml's events.

    Raises:
        WorkflowParseError: not YAML, more than one document, or beyond the bounds.
    """
    composer = _Composer()
    loader = yaml.CSafeLoader(text)
    try:
        return composer.run(loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise WorkflowParseError(mark.line + 1 if mark else 1, _reason(error)) from None
    except (yaml.YAMLError, UnicodeError):
        raise WorkflowParseError(1, "not YAML") from None
    finally:
        loader.dispose()


def _reason(error: yaml.MarkedYAMLError) -> str:
    # libyaml quotes an anchor's or a tag's name after a colon; names are the file's own text.
    return "not YAML" if not error.problem else f"not YAML, {error.problem}".split(":")[0][:80]


class _Composer:
    """Puts events together, on a stack of its own: libyaml's recursive one can be overrun."""

    __slots__ = ("_anchors", "_budget", "_count", "_problems", "_sizes")

    def __init__(self) -> None:
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[int, int] = {}
        self._problems: list[Problem] = []
        self._budget = MAX_ALIASED_NODES
        self._count = 0

    def run(self, loader: yaml.CSafeLoader) -> Document:  # noqa: C901, PLR0912, PLR0915 - see below
        """Read all events.

        One loop with no call for a plain scalar: taken apart, it takes half as long again.
        """
        # The stubs know no attributes of events; their kind is asked first.
        next_event: Callable[[], Any] = loader.get_event
        stack: list[tuple[Mapping | Sequence, Scalar | None, str | None, int]] = []
        container: Mapping | Sequence | None = None
        key: Scalar | None = None
        anchor: str | None = None
        started = 0
        root: Node | None = None
        documents = 0
        anchors = self._anchors
        node: Node
        while True:
            event = next_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                mark = event.start_mark
                style = event.style
                node = Scalar(
                    event.value,
                    mark.line + 1,
                    mark.column + 1,
                    event.end_mark.line + 1,
                    style if style and style != ":" else "",
                )
                if event.anchor:
                    anchors[event.anchor] = node
                    self._sizes[id(node)] = 1
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                mark = event.start_mark
                if len(stack) >= MAX_DEPTH:
                    raise WorkflowParseError(mark.line + 1, "nested too deeply")
                if container is not None:
                    stack.append((container, key, anchor, started))
                else:
                    stack.append((_NOTHING, None, None, 0))
                made: Mapping | Sequence = (
                    Mapping(mark.line + 1, mark.column + 1)
                    if kind is yaml.MappingStartEvent
                    else Sequence(mark.line + 1, mark.column + 1)
                )
                container, key, anchor, started = made, None, event.anchor, self._count
                self._count += 1
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                assert container is not None  # noqa: S101 - libyaml's events are balanced
                node = container
                if anchor:
                    # Known only now, so that an alias inside its own anchor is refused.
                    anchors[anchor] = node
                    self._sizes[id(node)] = self._count - started
                container, key, anchor, started = stack.pop()
                if container is _NOTHING:
                    container = None
            elif kind is yaml.AliasEvent:
                node = self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise WorkflowParseError(event.start_mark.line + 1, "more than one document")
                continue
            elif kind is yaml.StreamEndEvent:
                return Document(root, tuple(self._problems))
            else:
                continue
            self._count += 1
            if self._count > MAX_NODES:
                raise WorkflowParseError(event.start_mark.line + 1, "too many nodes")
            if container is None:
                root = node
            elif isinstance(container, Sequence):
                container.items.append(node)
            elif key is None:
                key = self._key(node)
            else:
                self._put(container, key, node)
                key = None

    def _alias(self, event: Any) -> Node:
        line = event.start_mark.line + 1
        node = self._anchors.get(event.anchor)
        if node is None:
            raise WorkflowParseError(line, "alias without an anchor before it")
        self._budget -= self._sizes.get(id(node), 1)
        if self._budget < 0:
            raise WorkflowParseError(line, "aliases expand too far")
        # An alias counts as what it stands for, or nested anchors would hide their size.
        self._count += self._sizes.get(id(node), 1)
        return node

    def _key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        # GitHub refuses it; a template such as `{{ name }}: x` is read as one.
        self._problems.append(Problem(node.line, "key_not_scalar"))
        return Scalar("", node.line, node.column, node.line, "")

    def _put(self, mapping: Mapping, key: Scalar, value: Node) -> None:
        if key.text in mapping.values:
            self._problems.append(Problem(key.line, "duplicate_key"))
        elif key.text == "<<" and not key.style:
            self._problems.append(Problem(key.line, "merge_key"))
        mapping.values[key.text] = value
        mapping.keys[key.text] = key


_NOTHING: Final = Sequence(0, 0)
