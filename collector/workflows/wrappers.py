"""Commands that run another: sudo, env and timeout before it, shells and eval with a script."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from collector.workflows.commands import Command
from collector.workflows.flat import Flat
from collector.workflows.terms import Literal, Term, Unknown, concat, plain

_WRAPPERS: Final = frozenset(
    [
        "sudo",
        "env",
        "exec",
        "command",
        "builtin",
        "time",
        "nohup",
        "timeout",
        "nice",
        "retry",
        "winpty",
        "then",
        "do",
        "else",
        "eval",
    ]
)
_SHELLS: Final = frozenset({"bash", "sh", "zsh", "dash", "ash", "su", "ssh"})
_SSH_VALUED: Final = frozenset(f"-{letter}" for letter in "bceFiIJlLmOopQRSwW")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")


def unwrapped(command: Command) -> Command:
    """Return the command that sudo, env, timeout and alike run."""
    if command.name not in _WRAPPERS:
        return command
    words = command.words
    env = dict(command.env)
    while words and (plain(words[0]) or "").rsplit("/", 1)[-1] in _WRAPPERS and words[1:]:
        rest = list(words[1:])
        while rest and _is_wrapping(rest[0]):
            head = Flat.of(rest.pop(0))
            if _ASSIGNMENT.match(head.text):
                name, _, value = head.text.partition("=")
                env[name] = head.term(value)
        if not rest:
            break
        words = tuple(rest)
    return replace(command, words=words, env=env)


def nested_scripts(command: Command, words: list[Term]) -> Iterator[Term]:
    """Yield the scripts that a command is given to run."""
    texts = command.texts()
    if plain(words[0]) == "eval" or command.name == "eval":
        yield concat([part for word in words[1:] for part in (word, Literal(" "))])
    elif "-c" in texts and any(text.rsplit("/", 1)[-1] in _SHELLS for text in texts[:-1]):
        at = texts.index("-c") + 1
        yield from command.words[at : at + 1]
    elif command.name in _SHELLS:
        if command.stdin is not None and not isinstance(command.stdin, Unknown):
            yield command.stdin
        if command.name == "ssh":
            yield from _remote(command)


def _remote(command: Command) -> Iterator[Term]:
    """Yield the script that ssh is given behind the host: one word, or several."""
    words = list(command.words[1:])
    while words and (plain(words[0]) or "").startswith("-"):
        option = plain(words.pop(0))
        if option in _SSH_VALUED and words:
            words.pop(0)
    if words[1:]:
        yield concat([part for word in words[1:] for part in (word, Literal(" "))])


def _is_wrapping(word: Term) -> bool:
    """Tell whether a word behind sudo, env, timeout … still belongs to that."""
    text = Flat.of(word).text
    return text.startswith("-") or bool(_ASSIGNMENT.match(text)) or text[:1].isdigit()
