"""A YAML document with the position of every key and value, read the way GitHub reads it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 100
MAX_NODES: Final = 100_000
MAX_ALIASED_NODES: Final = 50_000

# What libyaml refuses and GitHub's own parser takes. Each becomes one space, so that columns stay.
_REFUSED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BLANK_LINE_WITH_TAB: Final = re.compile(r"^[ \t]*\t[ \t]*(?=\r?$)", re.MULTILINE)
_TAB_BEFORE_COMMENT: Final = re.compile(r"^[ ]*\t[ \t]*(?=#)", re.MULTILINE)


class WorkflowParseError(ValueError):
    """A file is not a YAML document that GitHub could read.

    Attributes:
        line: 1-based, where reading stopped.
        reason: a short stable word group, free of the file's text.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(slots=True, eq=False)
class Scalar:
    """One scalar; lines and columns are 1-based.

    Attributes:
        style: "" for plain, else the YAML indicator: ' " | >
        first_line: where line 0 of the text stands (for a block scalar the line after `|`).
    """

    text: str
    line: int
    column: int
    end_line: int
    style: str

    @property
    def first_line(self) -> int:
        """Return the file's line on which the text itself begins."""
        return self.line + 1 if self.style in ("|", ">") else self.line

    def line_of(self, offset: int) -> int:
        """Return the file's line on which the character at an offset of the text stands."""
        if self.style != "|":
            # Only a literal block keeps its line breaks; elsewhere the start is what is known.
            return self.first_line
        return self.line + 1 + self.text.count("\n", 0, offset)


@dataclass(slots=True, eq=False)
class Mapping:
    """A mapping in file order; the last of two equal keys is kept and the fact is a problem."""

    line: int
    column: int
    values: "dict[str, Node]" = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)

    def get(self, key: str) -> "Node | None":
        """Return a key's value, or None."""
        return self.values.get(key)

    def mapping(self, key: str) -> "Mapping | None":
        """Return a key's value where it is a mapping."""
        node = self.values.get(key)
        return node if isinstance(node, Mapping) else None

    def sequence(self, key: str) -> "Sequence | None":
        """Return a key's value where it is a sequence."""
        node = self.values.get(key)
        return node if isinstance(node, Sequence) else None

    def scalar(self, key: str) -> Scalar | None:
        """Return a key's value where it is a scalar."""
        node = self.values.get(key)
        return node if isinstance(node, Scalar) else None

    def text(self, key: str) -> str:
        """Return a key's scalar text, or an empty string."""
        node = self.values.get(key)
        return node.text if isinstance(node, Scalar) else ""

    def items(self) -> "Iterator[tuple[Scalar, Node]]":
        """Yield keys with their values in file order."""
        for key, value in self.values.items():
            yield self.keys[key], value


@dataclass(slots=True, eq=False)
class Sequence:
    """A sequence of nodes."""

    line: int
    column: int
    items: "list[Node]" = field(default_factory=list)


Node = Scalar | Mapping | Sequence


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


def decode(data: bytes, *, max_bytes: int = MAX_BYTES) -> str:
    """Turn a file's bytes into text that libyaml takes, every line and column kept.

    Raises:
        WorkflowParseError: the file is larger than may be read.
    """
    if len(data) > max_bytes:
        raise WorkflowParseError(1, "file too large")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    if not text.isascii() or _REFUSED.search(text):
        text = _REFUSED.sub(" ", text)
    if "\t" in text:
        text = _BLANK_LINE_WITH_TAB.sub(_as_spaces, text)
        text = _TAB_BEFORE_COMMENT.sub(_as_spaces, text)
    return text


def _as_spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


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

    def run(self, loader: yaml.CSafeLoader) -> Document:
        next_event = loader.get_event
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
            elif type(container) is Sequence:
                container.items.append(node)
            elif key is None:
                key = self._key(node)
            else:
                self._put(container, key, node)  # type: ignore[arg-type]
                key = None

    def _alias(self, event: yaml.AliasEvent) -> Node:
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


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read a file's bytes into a document with positions.

    Raises:
        WorkflowParseError: the file can't be read; line and reason say why.
    """
    return compose(decode(data, max_bytes=max_bytes))
