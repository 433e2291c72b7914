"""Bash through tree-sitter, held within bounds: a script's text becomes a syntax tree or nothing."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from collector.workflows.expressions import parse_or_unknown
from collector.workflows.spans import Span, spans
from collector.workflows.terms import Term

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SCRIPT: Final = 16 * 1024
# tree-sitter calls back every few operations. An unfinished pipeline costs quadratic memory, three
# times the calls an ordinary script of its size makes; a count, unlike a clock, decides the same
# way on every machine.
_MAX_CALLS: Final = 300
_SAFE_SIZE: Final = 1024
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_LINE_BREAK: Final = re.compile("\n")


@dataclass(frozen=True, slots=True)
class Source:
    """A script with its expressions, and the lines that its offsets stand on.

    Attributes:
        text: as in the file, `${{ }}` and all.
        line: the file's line of the text's first character.
        keeps_lines: whether a line break in the text is one in the file (a `|` block).
        masked: the text with each expression as a word of equal length, in ASCII.
    """

    text: str
    line: int
    keeps_lines: bool
    spans: "Sequence[Span]"
    # Both are asked for at every word.
    masked: str = field(init=False, repr=False)
    _breaks: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "masked", _masked(self.text, self.spans))
        breaks = (match.start() for match in _LINE_BREAK.finditer(self.text))
        object.__setattr__(self, "_breaks", tuple(breaks) if self.keeps_lines else ())

    @classmethod
    def of(cls, text: str, line: int, *, keeps_lines: bool = True) -> "Source":
        """Find the expressions of a script."""
        return cls(text, line, keeps_lines, spans(text) if "${{" in text else ())

    def line_of(self, offset: int) -> int:
        """Return the file's line of an offset."""
        return self.line + bisect_left(self._breaks, offset)

    def expression(self, span: Span) -> Term:
        """Return the term of one of the script's expressions."""
        return parse_or_unknown(span.inner, self.line_of(span.start))

    def spans_in(self, start: int, end: int) -> list[Span]:
        """Return the expressions within two offsets."""
        if not self.spans:
            return []
        first = bisect_left(self.spans, start, key=_start)
        last = bisect_left(self.spans, end, lo=first, key=_start)
        return [span for span in self.spans[first:last] if span.end <= end]


def _start(span: Span) -> int:
    return span.start


def _masked(text: str, spans: "Sequence[Span]") -> str:
    if spans:
        pieces: list[str] = []
        at = 0
        for span in spans:
            pieces.append(text[at : span.start])
            pieces.append("GHX".ljust(span.end - span.start, "_"))
            at = span.end
        pieces.append(text[at:])
        text = "".join(pieces)
    # One byte a character: then tree-sitter's bytes are our characters.
    return text if text.isascii() else _NOT_ASCII.sub("?", text)


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_bash.language()))


def parse(source: Source) -> Node | None:
    """Parse a script; None where it is too long or too costly and must be read line by line."""
    if len(source.text) > MAX_SCRIPT:
        return None
    data = source.masked.encode("ascii")
    if len(data) <= _SAFE_SIZE:
        return _parser().parse(data).root_node
    calls = 0

    def read(offset: int, _point: object) -> bytes:
        return data[offset : offset + 4096]

    def too_many(*_state: object) -> bool:
        nonlocal calls
        calls += 1
        return calls > _MAX_CALLS

    parser = _parser()
    try:
        return parser.parse(read, encoding="utf8", progress_callback=too_many).root_node
    except ValueError:
        parser.reset()
        return None
