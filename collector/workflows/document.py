"""A YAML document: text that libyaml takes, and nodes with the position of every key and value."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 1 << 20

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
