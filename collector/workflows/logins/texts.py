"""Configuration text that a job writes: by a script, or handed to an action that writes a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.document import Scalar
from collector.workflows.flat import Flat
from collector.workflows.scripts import shell_of
from collector.workflows.terms import Literal, Term, concat, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.file_context import FileContext
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_PATH_INPUTS: Final = ("path", "file", "filename", "file-name", "file_name", "output", "fileName")
# Interpreters whose script stands in a word of theirs.
_INTERPRETERS: Final = frozenset({"node", "python", "python3", "ruby", "perl", "pwsh", "sed"})


@dataclass(frozen=True, slots=True)
class Written:
    """One piece of text that ends in a file.

    Attributes:
        path: the file's path as far as it is known, in lower case; may be empty.
        keeps_lines: each line of the text is one of the workflow file.
    """

    step: "StepContext"
    flat: Flat
    path: str
    keeps_lines: bool

    @property
    def text(self) -> str:
        """Return the flat text."""
        return self.flat.text

    def line_of(self, offset: int) -> int:
        """Return the workflow file's line of an offset."""
        return self.flat.line_of(offset) if self.keeps_lines else self.flat.line


def written(job: "JobContext", words: tuple[str, ...]) -> Iterator[Written]:
    """Yield the texts that the steps of a job write and that have one of some lower-case words."""
    for step in job.steps:
        found = _scripted(step, words) if step.script_node is not None else _given(step)
        for item in found:
            lowered = item.text.lower()
            if any(word in lowered or word in item.path for word in words):
                yield item


def committed(file: "FileContext") -> Flat:
    """Return the text of a configuration file."""
    return Flat(file.text, (), 1)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and text of each line."""
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def elements(text: str, tag: str) -> Iterator[tuple[int, str]]:
    """Yield offset and inside of each XML element of a name; what is not closed is not seen."""
    at = 0
    while True:
        start = text.find(f"<{tag}>", at)
        end = text.find(f"</{tag}>", start) if start >= 0 else -1
        if end < 0:
            return
        inside = start + len(tag) + 2
        yield inside, text[inside:end]
        at = end


def _scripted(step: "StepContext", words: tuple[str, ...]) -> Iterator[Written]:
    node = step.script_node
    if node is None or not any(word in node.text.lower() for word in words):
        return
    script = step.script
    for write in script.writes:
        flat = _plain_breaks(Flat.of(write.content, line=write.line))
        yield Written(step, flat, write.path.lower(), write.keeps_lines)
    python = shell_of(step.node, step.job.node, step.file.root).startswith("python")
    for command in script.commands:
        if python:
            yield Written(step, _statement(command), "", keeps_lines=False)
        elif command.name in _INTERPRETERS:
            for word in command.words[1:]:
                flat = _plain_breaks(Flat.of(word, line=command.line))
                yield Written(step, flat, "", keeps_lines=False)


def _statement(command: "Command") -> Flat:
    """Put the strings of a Python statement together: a value behind the text that wants it."""
    parts: list[Term] = []
    for word in command.words:
        if parts and not Flat.of(parts[-1]).text.endswith(("=", " ", ":", ">")):
            parts.append(Literal("\n"))
        parts.append(word)
    return _plain_breaks(Flat.of(concat(parts), line=command.line))


def _plain_breaks(flat: Flat) -> Flat:
    r"""Take a `\n` that `echo -e` or another language would print for a line break."""
    text = flat.text.replace("\\n", "\n")
    return Flat(text, flat.slots, flat.line) if text != flat.text else flat


def _given(step: "StepContext") -> Iterator[Written]:
    given = step.node.mapping("with")
    path = next((plain(step.inputs[n]) for n in _PATH_INPUTS if n in step.inputs), "") or ""
    for name, value in given.values.items() if given else ():
        term = step.inputs.get(name.lower())
        if term is not None and isinstance(value, Scalar):
            flat = Flat.of(term, line=value.first_line)
            yield Written(step, flat, path.lower(), value.style == "|")
