"""What a shell command prints or writes by itself: echo, printf, cat, tee, filters, gh auth token."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from collector.workflows.commands import Command
from collector.workflows.flat import Flat
from collector.workflows.terms import Call, Literal, Term, concat, plain

_NEWLINE: Final = Literal("\n")
# They pass on what they read, cut or dressed otherwise: the source in it stays.
_FILTERS: Final = frozenset(
    [
        "cat",
        "tr",
        "base64",
        "head",
        "tail",
        "sort",
        "uniq",
        "sed",
        "awk",
        "cut",
        "jq",
        "grep",
        "envsubst",
        "xargs",
        "tee",
        "rev",
        "fold",
        "openssl",
    ]
)
_OLD_COMMAND: Final = re.compile(r"::set-(output|env) name=([^:]+)::(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command prints, None where that is not known, and the files it writes."""

    text: Term | None = None
    writes: tuple[tuple[Term, Term, bool], ...] = ()


def printed(
    command: Command, lookup: Callable[[str], Term | None], files: Mapping[str, Term]
) -> Printed:
    """Return what a command prints and writes."""
    name = command.name
    if name in ("echo", "printf", "Write-Output", "Write-Host"):
        text = _printf(command) if name == "printf" else _echo(command)
        return Printed(text, tuple(_old_commands(text)))
    if name == "tee":
        return _tee(command)
    if name == "cat" and len(command.words) > 1:
        contents = [files.get(Flat.of(word).text) for word in command.words[1:]]
        known = [content for content in contents if content is not None]
        return Printed(concat(known) if known else None)
    if name == "gh" and command.texts()[1:3] == ["auth", "token"]:
        return Printed(lookup("GH_TOKEN") or lookup("GITHUB_TOKEN"))
    if name in _FILTERS and command.stdin is not None:
        return Printed(_filtered(command, command.stdin))
    return Printed()


def _echo(command: Command) -> Term:
    words = list(command.words[1:])
    newline = True
    while words and re.fullmatch(r"-[neE]+", plain(words[0]) or ""):
        newline = newline and "n" not in (plain(words.pop(0)) or "")
    parts: list[Term] = []
    for number, word in enumerate(words):
        parts.extend((Literal(" "), word) if number else (word,))
    return concat([*parts, _NEWLINE] if newline else parts)


def _printf(command: Command) -> Term:
    words = [word for word in command.words[1:] if plain(word) != "--"]
    if not words:
        return Literal("")
    pattern = Flat.of(words[0])
    parts: list[Term] = []
    arguments = list(words[1:])
    for number, piece in enumerate(re.split(r"%[-+0-9.]*[sbqd]", pattern.text)):
        if number and arguments:
            parts.append(arguments.pop(0))
        parts.append(pattern.term(piece.replace("\\n", "\n").replace("%%", "%")))
    return concat([*parts, *arguments])


def _old_commands(text: Term) -> list[tuple[Term, Term, bool]]:
    flat = Flat.of(text)
    match = _OLD_COMMAND.match(flat.text)
    if match is None:
        return []
    target = "$GITHUB_OUTPUT" if match[1] == "output" else "$GITHUB_ENV"
    return [(Literal(target), flat.term(f"{match[2]}={match[3]}"), True)]


def _tee(command: Command) -> Printed:
    if command.stdin is None:
        return Printed()
    append = any(text in ("-a", "--append") for text in command.texts())
    targets = [w for w in command.words[1:] if not Flat.of(w).text.startswith("-")]
    return Printed(command.stdin, tuple((target, command.stdin, append) for target in targets))


def _filtered(command: Command, stdin: Term) -> Term:
    texts = command.texts()
    if command.name == "tr" and texts[1:2] in (["A-Z"], ["[:upper:]"], ["[A-Z]"], ["'[:upper:]'"]):
        return Call("shell.lower", (stdin,), command.line)
    return stdin
