"""Covers literals that only their use betrays, at the place where the file goes on saying the same."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from collector.workflows.facts import FileFacts
from collector.workflows.literals import Written, without_literals, written_literals
from collector.workflows.sentinel import cover

_MAX_LITERALS: Final = 60
_MAX_PLACES: Final = 12
_LINES_BELOW: Final = 60
_LONG: Final = 8
# Files are read again for each place that is tried; a long one not as often.
_READ_BYTES: Final = 1_000_000
_FEWEST_READS: Final = 3
_MOST_READS: Final = 100
_PART: Final = re.compile(r"\w{3,}")
_ESCAPED: Final = re.compile(r'"((?=[^"]*\\)(?:[^"\\]|\\.){1,2000})"')


class Coverer:
    """Covers one file's literals.

    Attributes:
        text: the file, one character a byte.
        facts: what it says by now.
    """

    def __init__(self, text: str, read: Callable[[str], FileFacts]) -> None:
        self.text = text
        self.facts = read(text)
        self._read = read
        self._reads = max(_FEWEST_READS, min(_MOST_READS, _READ_BYTES // max(1, len(text))))

    def run(self) -> int:
        """Cover what can be found; return how many literals there were."""
        done: set[Written] = set()
        while len(done) < _MAX_LITERALS:
            written = next((w for w in written_literals(self.facts) if w not in done), None)
            if written is None:
                break
            done.add(written)
            if not self._cover(written):
                self._cover_everywhere(written)
        if any(written_literals(self.facts)):
            self.facts = without_literals(self.facts)
        return len(done)

    def _cover(self, written: Written) -> bool:
        """Cover the word at the first place that leaves the logins as they are."""
        word = _as_bytes(written.text)
        for start in list(_places(self.text, word, written.line))[:_MAX_PLACES]:
            candidate = self.text[:start] + cover(word) + self.text[start + len(word) :]
            if self._accept(candidate, written):
                self._cover_copies(word)
                return True
        return False

    def _accept(self, candidate: str, written: Written) -> bool:
        if self._reads <= 0:
            return False
        self._reads -= 1
        facts = self._read(candidate)
        if _shape(facts) != _shape(self.facts) or _times(facts, written) >= _times(
            self.facts, written
        ):
            return False
        self.text, self.facts = candidate, facts
        return True

    def _cover_copies(self, word: str) -> None:
        """Cover a long credential wherever else it stands, as in a comment."""
        if len(word) < _LONG or word.isalpha() or word not in self.text:
            return
        candidate = self.text.replace(word, cover(word))
        facts = self._read(candidate)
        if _shape(facts) == _shape(self.facts):
            self.text, self.facts = candidate, facts

    def _cover_everywhere(self, written: Written) -> None:
        """Cover it whatever the facts then say: a secret must not stay."""
        word = _as_bytes(written.text)
        start, end = _window(self.text, written.line, _LINES_BELOW)
        near = self.text[start:end]
        covered = _alone(word).sub(cover(word), near)
        if covered == near:
            covered = _cover_escaped(near, word)
        self.text = self.text[:start] + covered + self.text[end:]
        self.facts = self._read(self.text)


def _cover_escaped(near: str, word: str) -> str:
    """Cover a word that is written with escapes, so that its text stands nowhere as it is."""
    first, separator, rest = near.partition("\n")
    covered = _ESCAPED.sub(lambda match: f'"{cover(match[1])}"', first)
    if covered != first:
        return covered + separator + rest
    for part in _PART.findall(word):
        near = _alone(part).sub(cover(part), near)
    return near


def _alone(word: str) -> re.Pattern[str]:
    """Return a pattern for a word that is no option's name, no variable and no key."""
    return re.compile(
        rf"(?<![\w$-]){re.escape(word)}(?!\w)(?![\"']?[ ]?(?::[ ]|:$|=))", re.MULTILINE
    )


def _as_bytes(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")


def _shape(facts: FileFacts) -> object:
    """Return what a file says apart from its credentials."""
    logins = [(o.form, o.job, o.step, o.use_line, o.host, o.registry) for o in facts.logins]
    return facts.parse_error, logins, len(facts.calls), facts.references, facts.uses


def _times(facts: FileFacts, written: Written) -> int:
    return sum(found.text == written.text for found in written_literals(facts))


def _places(text: str, word: str, line: int) -> Iterator[int]:
    """Yield the offsets at which a word may be the credential, the likeliest first."""
    seen: set[int] = set()
    windows = [(line, 0), (line, _LINES_BELOW)]
    for finder in (_alone(word), re.compile(re.escape(word))):
        for first, more in windows:
            start, end = _window(text, first, more)
            found = [match.start() for match in finder.finditer(text, start, end)]
            for offset in reversed(found) if not more else found:
                if offset not in seen:
                    seen.add(offset)
                    yield offset
        if len(word) >= _LONG:
            for match in finder.finditer(text):
                if match.start() not in seen:
                    seen.add(match.start())
                    yield match.start()


def _window(text: str, line: int, more: int) -> tuple[int, int]:
    """Return the offsets of a line, and of some lines below it."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return 0, len(text)
    end = start
    for _ in range(more + 1):
        end = text.find("\n", end) + 1
        if end == 0:
            return start, len(text)
    return start, end - 1
