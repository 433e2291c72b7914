"""A term as one flat text with a stand-in character a part, so that patterns can be run over it."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.terms import Concat, Literal, Term, as_text, concat

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST: Final = 0xE000
_LAST: Final = 0xF8FF
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Flat:
    """A term's text in which each unknown part is one private-use character.

    Attributes:
        line: the file's line of the text's first character, 0 if unknown.
    """

    text: str
    slots: tuple[Term, ...]
    line: int = 0

    @classmethod
    def of(cls, term: Term, *, line: int = 0) -> "Flat":
        """Flatten a term."""
        parts = term.parts if isinstance(term, Concat) else (term,)
        slots: list[Term] = []
        texts: list[str] = []
        for part in parts:
            if isinstance(part, Literal):
                texts.append(_PRIVATE.sub("?", as_text(part.value)))
            elif _FIRST + len(slots) <= _LAST:
                texts.append(chr(_FIRST + len(slots)))
                slots.append(part)
        return cls("".join(texts), tuple(slots), line)

    def term(self, text: str, *, line: int = 0) -> Term:
        """Turn a piece of the flat text back into a term."""
        parts: list[Term] = []
        at = 0
        for match in _PRIVATE.finditer(text):
            if match.start() > at:
                parts.append(Literal(text[at : match.start()], line))
            parts.append(self.slots[ord(match[0]) - _FIRST])
            at = match.end()
        if at < len(text):
            parts.append(Literal(text[at:], line))
        return concat(parts)

    def line_of(self, offset: int) -> int:
        """Return the file's line of a character, 0 if unknown."""
        return self.line + self.text.count("\n", 0, offset) if self.line else 0

    def lines(self) -> "Iterator[tuple[int, str]]":
        """Yield the file's line and the text of each line."""
        for number, text in enumerate(self.text.split("\n")):
            yield (self.line + number if self.line else 0), text
