"""Walks a bash script's tree: commands with resolved words, pipes, files and functions followed."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.commands import Command, FileWrite, Script
from collector.workflows.flat import Flat
from collector.workflows.output import printed
from collector.workflows.shell import Source, parse
from collector.workflows.terms import (
    Either,
    Literal,
    Term,
    Unknown,
    Via,
    concat,
    oversized,
    plain,
)
from collector.workflows.words import WordReader
from collector.workflows.wrappers import nested_scripts, unwrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

MAX_COMMANDS: Final = 2_000
MAX_NESTING: Final = 4
MAX_TREE_DEPTH: Final = 150

_BRANCHES: Final = frozenset(
    ["if_statement", "elif_clause", "else_clause", "case_item", "while_statement", "for_statement"]
)
_SLOT: Final = re.compile("[\ue000-\uf8ff]")


class BashWalker:
    """Follows one script in order.

    Attributes:
        lookup: the environment's variables.
    """

    def __init__(self, source: Source, lookup: "Callable[[str], Term | None]") -> None:
        self._environment = lookup
        self._source = source
        self._words = WordReader(source, self._lookup, self._substitution)
        self._variables: dict[str, Term] = {}
        self._functions: dict[str, Node] = {}
        self._called: set[str] = set()
        self._parameters: list[dict[str, Term]] = []
        self._files: dict[str, Term] = {}
        self._commands: list[Command] = []
        self._writes: list[FileWrite] = []
        self._branches = 0
        self._depth = 0
        self._nesting = 0

    def run(self) -> Script | None:
        """Walk the script; None where it has to be read line by line."""
        root = parse(self._source)
        if root is None:
            return None
        self._visit(root, None)
        for name in [name for name in self._functions if name not in self._called]:
            # Nobody calls it here; what it does is still in the file.
            self._call(name, ())
        return Script(tuple(self._commands), tuple(self._writes), variables=self._variables)

    def _lookup(self, name: str) -> Term | None:
        if self._parameters and name in self._parameters[-1]:
            return self._parameters[-1][name]
        found = self._variables.get(name)
        return found if found is not None else self._environment(name)

    def _line(self, node: "Node") -> int:
        return self._source.line_of(node.start_byte)

    def _visit(self, node: "Node", stdin: Term | None) -> Term | None:
        """Follow a node; return what it prints, None where that is not known."""
        if self._depth > MAX_TREE_DEPTH or len(self._commands) > MAX_COMMANDS:
            return None
        self._depth += 1
        branching = node.type in _BRANCHES
        self._branches += branching
        handler = _HANDLERS.get(node.type, BashWalker._sequence)
        made = handler(self, node, stdin)
        self._branches -= branching
        self._depth -= 1
        return made

    def _sequence(self, node: "Node", stdin: Term | None) -> Term | None:
        outputs = [self._visit(child, stdin) for child in node.named_children]
        known = [output for output in outputs if output is not None]
        return concat(known) if known else None

    def _ignored(self, _node: "Node", _stdin: Term | None) -> Term | None:
        return None

    def _pipeline(self, node: "Node", stdin: Term | None) -> Term | None:
        for child in node.named_children:
            produced = self._visit(child, stdin)
            if produced is None:
                text = self._source.text[child.start_byte : child.end_byte]
                # A secret's text is never in it: expressions are sources, literals are not kept.
                produced = Unknown("unresolved_expression", text.split(" ")[0][:40])
            stdin = produced
        return stdin

    def _assignment(self, node: "Node", _stdin: Term | None) -> Term | None:
        name, value = self._pair(node)
        if name:
            self._assign(name, value, self._line(node))
        return None

    def _pair(self, node: "Node") -> tuple[str, Term]:
        named = node.named_children
        if not named or named[0].type != "variable_name":
            return "", Literal("")
        first = named[0]
        name = self._source.text[first.start_byte : first.end_byte]
        value = self._words.read(named[-1]) if len(named) > 1 else Literal("", self._line(node))
        if "+=" in self._source.text[first.end_byte : first.end_byte + 2]:
            value = concat([self._lookup(name) or Literal(""), value])
        return name, value

    def _assign(self, name: str, value: Term, line: int) -> None:
        if oversized(value):
            value = Unknown("unresolved_expression", f"${name}", line)
        value = Via("variable", name, line, value)
        before = self._lookup(name) if self._branches else None
        if before is not None:
            value = Either(f"{name}@{line}", (before, value))
        self._variables[name] = value

    def _function(self, node: "Node", _stdin: Term | None) -> Term | None:
        named = node.named_children
        if named:
            name = self._source.text[named[0].start_byte : named[0].end_byte]
            self._functions[name] = named[-1]
        return None

    def _call(self, name: str, words: tuple[Term, ...], stdin: Term | None = None) -> Term | None:
        self._called.add(name)
        if len(self._parameters) >= MAX_NESTING:
            return None
        parameters = {str(number): word for number, word in enumerate(words, 1)}
        self._parameters.append(parameters)
        made = self._visit(self._functions[name], stdin)
        self._parameters.pop()
        return made

    def _loop(self, node: "Node", stdin: Term | None) -> Term | None:
        named = node.named_children
        variable = named[0] if named else None
        values = [c for c in named[1:] if c.type != "do_group"]
        if variable is not None and variable.type == "variable_name" and values:
            name = self._source.text[variable.start_byte : variable.end_byte]
            options = tuple(self._words.read(value) for value in values)
            line = self._line(node)
            self._variables[name] = Via("variable", name, line, Either(f"{name}@{line}", options))
        for child in named:
            if child.type == "do_group":
                self._visit(child, stdin)
        return None

    def _substitution(self, node: "Node") -> Term:
        printed_text = None
        for child in node.named_children:
            printed_text = self._visit(child, None)
        if printed_text is None or plain(printed_text) in ("", "\n"):
            # What stands behind `|| echo ""` is for the case that nothing was found.
            text = self._source.text[node.start_byte + 2 : node.end_byte - 1]
            word = " ".join(re.findall(r"[A-Za-z][\w.-]*", text)[:2])
            return Unknown("unresolved_expression", f"$({word[:40]} …)", self._line(node))
        flat = Flat.of(printed_text)
        return flat.term(flat.text.rstrip("\n"), line=self._line(node))

    def _redirected(self, node: "Node", stdin: Term | None) -> Term | None:
        body: Node | None = None
        targets: list[tuple[Term, bool]] = []
        followers: list[Node] = []
        line = 0
        for child in node.named_children:
            if child.type == "file_redirect":
                stdin = self._file_redirect(child, targets, stdin)
            elif child.type == "herestring_redirect":
                words = child.named_children
                stdin = self._words.read(words[-1]) if words else stdin
            elif child.type == "heredoc_redirect":
                stdin, line = self._heredoc(child, targets, followers)
            else:
                body = child
        printed_text = self._visit(body, stdin) if body is not None else stdin
        for target, append in targets:
            self._write(target, printed_text, line or self._line(node), append, heredoc=bool(line))
        for follower in followers:
            printed_text = self._visit(follower, printed_text)
        return None if targets else printed_text

    def _file_redirect(
        self, node: "Node", targets: list[tuple[Term, bool]], stdin: Term | None
    ) -> Term | None:
        words = [c for c in node.named_children if c.type != "file_descriptor"]
        operator = next((c.type for c in node.children if not c.is_named), "")
        if not words or operator in (">&", "<&"):
            return stdin
        target = self._words.read(words[-1])
        if operator == "<":
            return target if words[-1].type == "process_substitution" else self._read(target)
        if not any(c.type == "file_descriptor" for c in node.named_children):
            targets.append((target, operator == ">>"))
        return stdin

    def _read(self, target: Term) -> Term:
        path = Flat.of(target).text
        text = f"file {plain(target) or ''}"
        return self._files.get(path, Unknown("unresolved_expression", text[:60]))

    def _heredoc(
        self, node: "Node", targets: list[tuple[Term, bool]], followers: list["Node"]
    ) -> tuple[Term, int]:
        body: Term = Literal("")
        line = self._line(node) + 1
        quoted = False
        for child in node.named_children:
            if child.type == "heredoc_start":
                quoted = self._source.text[child.start_byte] in "'\"\\"
            elif child.type == "heredoc_body":
                line = self._line(child)
                body = (
                    self._words.literal(child.start_byte, child.end_byte, None)
                    if quoted
                    else self._words.read(child)
                )
            elif child.type == "file_redirect":
                self._file_redirect(child, targets, None)
            elif child.type != "heredoc_end":
                followers.append(child)
        return body, line

    def _write(
        self, target: Term, content: Term | None, line: int, append: bool, *, heredoc: bool
    ) -> None:
        if plain(target) == "/dev/null":
            return
        content = content or Unknown("unresolved_expression", "output of a command", line)
        self._writes.append(
            FileWrite(target, content, line, append, heredoc, maybe=self._branches > 0)
        )
        path = Flat.of(target).text
        before = self._files.get(path) if append else None
        self._files[path] = concat([before, content]) if before else content

    def _command(self, node: "Node", stdin: Term | None) -> Term | None:
        words: list[Term] = []
        env: dict[str, Term] = {}
        for child in node.named_children:
            if child.type == "variable_assignment":
                name, value = self._pair(child)
                env[name] = Via("variable", name, self._line(child), value)
            elif child.type == "herestring_redirect":
                stdin = self._words.read(child.named_children[-1])
            elif child.type == "file_redirect":
                stdin = self._file_redirect(child, [], stdin)
            else:
                words.extend(self._split(child))
        if not words:
            return None
        command = unwrapped(Command(tuple(words), self._line(node), stdin, env))
        return self._executed(command, words)

    def _split(self, node: "Node") -> list[Term]:
        text = self._source.text[node.start_byte : node.end_byte]
        if text.strip('"') in ("$@", "$*", "${@}") and self._parameters:
            return list(self._parameters[-1].values())
        return [self._words.read(node)]

    def _executed(self, command: Command, words: list[Term]) -> Term | None:
        name = command.name
        if name in self._functions and self._nesting < MAX_NESTING:
            return self._call(name, command.words[1:], command.stdin)
        self._commands.append(command)
        for nested in nested_scripts(command, words):
            self._run_text(nested, command.line)
        if name == "read" and command.stdin is not None:
            for word in command.words[1:]:
                variable = plain(word) or ""
                if variable.isidentifier():
                    self._assign(variable, command.stdin, command.line)
        made = printed(command, self._lookup, self._files)
        for target, content, append in made.writes:
            self._write(target, content, command.line, append, heredoc=False)
        return made.text

    def _run_text(self, script: Term, line: int) -> None:
        """Walk a script inside a word, its known variables and unknown parts kept."""
        if self._nesting >= MAX_NESTING:
            return
        flat = Flat.of(script, line=line)
        slots = {f"SLOT_{number}_": term for number, term in enumerate(flat.slots)}
        text = _SLOT.sub(lambda m: f"${{SLOT_{ord(m[0]) - 0xE000}_}}", flat.text)
        walker = BashWalker(
            Source(text, line, keeps_lines=False, spans=()),
            lambda name: slots.get(name) or self._lookup(name),
        )
        walker._nesting = self._nesting + 1
        walker._files = self._files
        made = walker.run()
        if made is not None:
            self._commands.extend(made.commands)
            self._writes.extend(made.writes)


_HANDLERS: Final = {
    "command": BashWalker._command,  # noqa: SLF001 - the class's own table
    "pipeline": BashWalker._pipeline,  # noqa: SLF001
    "redirected_statement": BashWalker._redirected,  # noqa: SLF001
    "variable_assignment": BashWalker._assignment,  # noqa: SLF001
    "function_definition": BashWalker._function,  # noqa: SLF001
    "for_statement": BashWalker._loop,  # noqa: SLF001
    "comment": BashWalker._ignored,  # noqa: SLF001
    "word": BashWalker._ignored,  # noqa: SLF001
    "string": BashWalker._ignored,  # noqa: SLF001
}
