"""Python scripts: the strings of each statement are the words of a command."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from collector.workflows.commands import Command, Script
from collector.workflows.flat import Flat
from collector.workflows.shell import Source
from collector.workflows.terms import Literal, Term, Unknown, concat, plain

Lookup = Callable[[str], Term | None]
MAX_COMMANDS: Final = 2_000

_PYTHON_VARIABLE: Final = re.compile(
    r"""os\.(?:environ(?:\.get)?[\[(]|getenv\()\s*['"](\w+)['"][^\])]*[\])]"""
)
_PYTHON_STRING: Final = re.compile(r"""[rbfu]*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')""")


@dataclass(slots=True)
class PythonLines:
    """Reads the strings of each statement as the words of a command."""

    source: Source
    lookup: Lookup

    def run(self) -> Script:
        """Read the script."""
        commands: list[Command] = []
        for start, end in self._statements():
            words = self._words(start, end)
            line = self.source.line_of(start)
            if len(words) == 1 and " " in (plain(words[0]) or " "):
                commands.append(Command(tuple(_split(words[0])), line))
            elif words:
                commands.append(Command(tuple(words), line))
            if len(commands) > MAX_COMMANDS:
                break
        return Script(tuple(commands), (), complete=False)

    def _statements(self) -> Iterator[tuple[int, int]]:
        start = depth = 0
        text = self.source.masked
        for match in re.finditer(r"[\[\](){}]|\n", text):
            if match[0] == "\n":
                if depth <= 0:
                    yield start, match.start()
                    start, depth = match.end(), 0
            else:
                depth += 1 if match[0] in "[({" else -1
        yield start, len(text)

    def _words(self, start: int, end: int) -> list[Term]:
        text = self.source.masked
        found: list[tuple[int, Term]] = []
        taken: list[tuple[int, int]] = []
        for match in _PYTHON_VARIABLE.finditer(text, start, end):
            value = self.lookup(match[1])
            line = self.source.line_of(match.start())
            term = value if value is not None else Unknown("unresolved_expression", match[1], line)
            found.append((match.start(), term))
            taken.append(match.span())
        for match in _PYTHON_STRING.finditer(text, start, end):
            if any(low <= match.start() < high for low, high in taken):
                continue
            group = 1 if match[1] is not None else 2
            found.append((match.start(), self._text(match.start(group), match.end(group))))
        return [term for _, term in sorted(found, key=lambda item: item[0])]

    def _text(self, start: int, end: int) -> Term:
        parts: list[Term] = []
        at = start
        text = self.source.text
        for span in self.source.spans_in(start, end):
            parts.append(Literal(text[at : span.start], self.source.line_of(at)))
            parts.append(self.source.expression(span))
            at = span.end
        parts.append(Literal(text[at:end], self.source.line_of(at)))
        return concat(parts)


def _split(term: Term) -> list[Term]:
    """Split a term's text at blanks."""
    flat = Flat.of(term)
    return [flat.term(word) for word in flat.text.split()]
