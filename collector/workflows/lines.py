"""Scripts read line by line: PowerShell, cmd, and bash that is too long for a parser."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from collector.workflows.commands import Command, FileWrite, Script
from collector.workflows.output import printed
from collector.workflows.python_lines import PythonLines
from collector.workflows.shell import Source
from collector.workflows.terms import Literal, Term, Unknown, Via, concat, oversized, plain

MAX_TEXT: Final = 256 * 1024
MAX_COMMANDS: Final = 10_000

Lookup = Callable[[str], Term | None]

_CONTINUATION: Final = {"pwsh": "`", "powershell": "`", "cmd": "^"}
_PWSH_VARIABLE: Final = re.compile(
    r"\$\{?(?:env:)?([A-Za-z_]\w*)\}?|\$\(\s*\$env:(\w+)\s*\)", re.IGNORECASE
)
_CMD_VARIABLE: Final = re.compile(r"%([A-Za-z_]\w*)%|!([A-Za-z_]\w*)!")
_BASH_VARIABLE: Final = re.compile(r"\$\{?([A-Za-z_]\w*)(?:[^A-Za-z_}][^}]*)?\}|\$([A-Za-z_]\w*)")
_VARIABLES: Final = {
    "pwsh": _PWSH_VARIABLE,
    "powershell": _PWSH_VARIABLE,
    "cmd": _CMD_VARIABLE,
}
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t]+|[`\\^][ \t\r]*\n)  # a line that goes on is one
      | (?P<operator>\|\||&&|>>|\||;|>|<|&|\n)
      | (?P<word>(?:"(?:[^"\\`]|[\\`].|"")*"|'[^']*'|(?![`\\^][ \t\r]*\n)[^\s"'|;<>&]|["'])+)""",
    re.VERBOSE | re.DOTALL,
)
_HERE_STRING: Final = re.compile(r"""@(["'])[ \t]*\r?\n(.*?)\r?\n[ \t]*\1@""", re.DOTALL)
_ASSIGNMENTS: Final = {
    "pwsh": re.compile(r"\s*\$(?:env:)?([A-Za-z_]\w*)\s*=\s*(?!=)", re.IGNORECASE),
    "cmd": re.compile(r"\s*@?set\s+\"?([A-Za-z_]\w*)=", re.IGNORECASE),
    "bash": re.compile(r"\s*(?:export\s+|local\s+|declare\s+)?([A-Za-z_]\w*)="),
}


def read_lines(source: Source, shell: str, lookup: Lookup) -> Script:
    """Read a script line by line; what spans lines other than by continuation is not seen."""
    if len(source.text) > MAX_TEXT:
        return Script((), (), complete=False)
    if shell.startswith("python"):
        return PythonLines(source, lookup).run()
    kind = "pwsh" if shell in ("pwsh", "powershell") else "cmd" if shell == "cmd" else "bash"
    return _Lines(source, kind, lookup).run()


@dataclass(slots=True)
class _Word:
    """A piece's offsets and the terms it is made of."""

    start: int
    term: Term


@dataclass(slots=True)
class _Lines:
    source: Source
    shell: str
    lookup: Lookup
    variables: dict[str, Term] = field(default_factory=dict)
    files: dict[str, Term] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    writes: list[FileWrite] = field(default_factory=list)

    def run(self) -> Script:
        for start, end in self._logical_lines():
            if len(self.commands) > MAX_COMMANDS:
                break
            self._line(start, end)
        complete = self.shell != "bash"
        return Script(tuple(self.commands), tuple(self.writes), complete, self.variables)

    def _logical_lines(self) -> Iterator[tuple[int, int]]:
        text = self.source.masked
        mark = _CONTINUATION.get(self.shell, "\\")
        protected = [m.span() for m in _HERE_STRING.finditer(text)] if self.shell == "pwsh" else []
        start = at = 0
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            inside = next((stop for begin, stop in protected if begin <= end < stop), None)
            if inside is not None:
                at = inside
                continue
            at = end + 1
            if text[start:end].rstrip(" \t\r").endswith(mark):
                continue
            yield start, end
            start = at
        if start < len(text):
            yield start, len(text)

    def _variable(self, name: str) -> Term | None:
        found = self.variables.get(name.casefold())
        return found if found is not None else self.lookup(name)

    def _line(self, start: int, end: int) -> None:
        text = self.source.masked
        head = text[start:end].lstrip()
        if head.startswith(("#", "::", "REM ", "rem ")) and not head.startswith("::set"):
            return
        assigned = _ASSIGNMENTS[self.shell].match(text, start, end)
        if assigned and self._assign(assigned[1], assigned.end(), end):
            return
        self._pipelines(start, end)

    def _assign(self, name: str, start: int, end: int) -> bool:
        line = self.source.line_of(start)
        here = _HERE_STRING.match(self.source.masked, start, end)
        if here:
            value = self._text(here.start(2), here.end(2), expand=here[1] == '"')
        else:
            words = [word for word in self._tokens(start, end) if isinstance(word, _Word)]
            operators = [t for t in self._tokens(start, end) if not isinstance(t, _Word)]
            if operators or (self.shell == "bash" and len(words) > 1):
                return False
            value = concat([words[0].term]) if len(words) == 1 else self._text(start, end)
        if oversized(value):
            value = Unknown("unresolved_expression", f"${name}", line)
        self.variables[name.casefold()] = Via("variable", name, line, value)
        return True

    def _tokens(self, start: int, end: int) -> Iterator["_Word | str"]:
        text = self.source.masked
        at = start
        while at < end:
            here = _HERE_STRING.match(text, at, end) if self.shell == "pwsh" else None
            if here:
                yield _Word(at, self._text(here.start(2), here.end(2), expand=here[1] == '"'))
                at = here.end()
                continue
            match = _TOKEN.match(text, at, end)
            if match is None:
                at += 1
                continue
            if match.lastgroup == "operator":
                yield match[0]
            elif match.lastgroup == "word" and match[0] not in ("`", "\\", "^"):
                if match[0].startswith("#"):
                    return
                yield _Word(at, self._word(at, match.end()))
            at = match.end()

    def _word(self, start: int, end: int) -> Term:
        """Read a word of quoted and bare pieces."""
        text = self.source.masked
        parts: list[Term] = []
        at = start
        while at < end:
            quote = text[at]
            close = text.find(quote, at + 1, end) if quote in "\"'" else -1
            if close > 0:
                parts.append(self._text(at + 1, close, expand=quote == '"'))
                at = close + 1
                continue
            stop = min(
                (p for p in (text.find('"', at + 1, end), text.find("'", at + 1, end)) if p > 0),
                default=end,
            )
            parts.append(self._text(at, stop))
            at = stop
        return concat(parts)

    def _text(self, start: int, end: int, *, expand: bool = True) -> Term:
        """Return a stretch of text with its expressions and, unless quoted, its variables."""
        parts: list[Term] = []
        at = start
        for span in self.source.spans_in(start, end):
            parts.extend(self._expanded(at, span.start, expand))
            parts.append(self.source.expression(span))
            at = span.end
        parts.extend(self._expanded(at, end, expand))
        return concat(parts)

    def _expanded(self, start: int, end: int, expand: bool) -> Iterator[Term]:
        text = self.source.text
        line = self.source.line_of(start)
        at = start
        pattern = _VARIABLES.get(self.shell, _BASH_VARIABLE)
        for match in pattern.finditer(text, start, end) if expand else ():
            name = next(group for group in match.groups() if group)
            if match.start() > at:
                yield Literal(text[at : match.start()], line)
            found = self._variable(name)
            yield found if found is not None else Unknown("unresolved_expression", match[0], line)
            at = match.end()
        if at < end:
            yield Literal(text[at:end], line)

    def _pipelines(self, start: int, end: int) -> None:
        words: list[_Word] = []
        stdin: Term | None = None
        operator = ""
        for piece in (*self._tokens(start, end), ";"):
            if isinstance(piece, _Word):
                if operator in (">", ">>"):
                    self._redirect(piece.term, stdin, operator == ">>", words)
                    operator = ""
                    continue
                words.append(piece)
                continue
            if piece in (">", ">>", "<"):
                operator = piece
                continue
            if words:
                stdin = self._command(words, stdin)
            words = []
            operator = ""
            if piece != "|":
                stdin = None

    def _redirect(self, target: Term, stdin: Term | None, append: bool, words: list[_Word]) -> None:
        if not words:
            return
        line = self.source.line_of(words[0].start)
        command = Command(tuple(word.term for word in words), line, stdin)
        made = printed(command, self._variable, self.files)
        content = made.text if made.text is not None else words[-1].term
        self.writes.append(FileWrite(target, content, line, append, maybe=True))

    def _command(self, words: list[_Word], stdin: Term | None) -> Term | None:
        line = self.source.line_of(words[0].start)
        terms = [word.term for word in words]
        while len(terms) > 1 and (plain(terms[0]) or "") in ("&", ".", "call", "sudo", "@"):
            terms.pop(0)
        command = Command(tuple(terms), line, stdin)
        self.commands.append(command)
        self._content_commands(command)
        made = printed(command, self._variable, self.files)
        for target, content, append in made.writes:
            self.writes.append(FileWrite(target, content, line, append, maybe=True))
        if made.text is not None:
            return made.text
        if len(terms) == 1:
            return terms[0]  # PowerShell prints what a value alone is
        return Unknown("unresolved_expression", command.name, line)

    def _content_commands(self, command: Command) -> None:
        """Follow Out-File, Set-Content and Add-Content."""
        name = command.name.lower()
        if name not in ("out-file", "set-content", "add-content"):
            return
        arguments = command.parse({"-FilePath", "-Path", "-Value", "-Encoding", "-LiteralPath"})
        target = arguments.option("-FilePath", "-Path", "-LiteralPath")
        positionals = list(arguments.positionals)
        if target is None and positionals:
            target = positionals.pop(0)
        content = arguments.option("-Value") or (positionals[0] if positionals else command.stdin)
        if target is not None and content is not None:
            append = name == "add-content" or arguments.has("-Append", "-append")
            self.writes.append(FileWrite(target, content, command.line, append, maybe=True))
