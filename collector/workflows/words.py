"""Shell words: a word's node, with quotes, variables and substitutions, becomes a term."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.shell import Source
from collector.workflows.terms import (
    EMPTY,
    Call,
    Literal,
    Operation,
    Term,
    Unknown,
    concat,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_ESCAPED: Final = re.compile(r"\\(\n|.)", re.DOTALL)
_ESCAPED_IN_QUOTES: Final = re.compile(r'\\(\n|[\\"$`])')
_ANSI: Final = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
_VARIABLE: Final = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]")


class WordReader:
    """Reads the words of one script.

    Attributes:
        source: the script.
        lookup: a variable's term, None where it has no value that is known of.
        substitute: what a command substitution prints.
    """

    __slots__ = ("lookup", "source", "substitute")

    def __init__(
        self,
        source: Source,
        lookup: "Callable[[str], Term | None]",
        substitute: "Callable[[Node], Term]",
    ) -> None:
        self.source = source
        self.lookup = lookup
        self.substitute = substitute

    def read(self, node: "Node") -> Term:
        """Return a word's term."""
        return _READERS.get(node.type, WordReader._unreadable)(self, node)

    def _unreadable(self, node: "Node") -> Term:
        return Unknown("unresolved_expression", self._slice(node)[:60], self._line(node))

    def _bare(self, node: "Node") -> Term:
        return self.literal(node.start_byte, node.end_byte, _ESCAPED)

    def _raw(self, node: "Node") -> Term:
        return self.literal(node.start_byte + 1, node.end_byte - 1, None)

    def _unexpanded(self, node: "Node") -> Term:
        return self.literal(node.start_byte, node.end_byte, None)

    def _quoted(self, node: "Node") -> Term:
        return self._pieces(node, node.start_byte + 1, node.end_byte - 1, _ESCAPED_IN_QUOTES)

    def _heredoc(self, node: "Node") -> Term:
        return self._pieces(node, node.start_byte, node.end_byte, _ESCAPED_IN_QUOTES)

    def _joined(self, node: "Node") -> Term:
        return self._pieces(node, node.start_byte, node.end_byte, _ESCAPED)

    def _simple(self, node: "Node") -> Term:
        return self.variable(self._slice(node)[1:], node)

    def _substituted(self, node: "Node") -> Term:
        return self.substitute(node)

    def _slice(self, node: "Node") -> str:
        return self.source.text[node.start_byte : node.end_byte]

    def _line(self, node: "Node") -> int:
        return self.source.line_of(node.start_byte)

    def literal(self, start: int, end: int, escapes: re.Pattern[str] | None) -> Term:
        """Return the term of a stretch of text that has no shell expansion in it."""
        text = self.source.text
        found = self.source.spans_in(start, end) if self.source.spans else ()
        if not found:
            return self._plain(text[start:end], start, escapes) if start < end else EMPTY
        parts: list[Term] = []
        at = start
        for span in found:
            if span.start > at:
                parts.append(self._plain(text[at : span.start], at, escapes))
            parts.append(self.source.expression(span))
            at = span.end
        if at < end:
            parts.append(self._plain(text[at:end], at, escapes))
        return concat(parts)

    def _plain(self, text: str, offset: int, escapes: re.Pattern[str] | None) -> Literal:
        if escapes is not None and "\\" in text:
            text = escapes.sub(lambda m: "" if m[1] == "\n" else m[1], text)
        return Literal(text, self.source.line_of(offset))

    def _pieces(self, node: "Node", start: int, end: int, escapes: re.Pattern[str] | None) -> Term:
        """Read a node whose children are expansions with text between them."""
        parts: list[Term] = []
        at = start
        for child in node.named_children:
            if child.type in ("string_content", "heredoc_content"):
                continue
            if child.start_byte > at:
                parts.append(self.literal(at, child.start_byte, escapes))
            parts.append(self.read(child))
            at = child.end_byte
        if at < end:
            parts.append(self.literal(at, end, escapes))
        return concat(parts)

    def _ansi(self, node: "Node") -> Term:
        text = self._slice(node)[2:-1]
        text = re.sub(r"\\(.)", lambda m: _ANSI.get(m[1], m[0]), text, flags=re.DOTALL)
        return Literal(text, self._line(node))

    def variable(self, name: str, node: "Node") -> Term:
        """Return a variable's term; one that nothing sets is an unknown of the environment."""
        found = self.lookup(name)
        if found is not None:
            return found
        return Unknown("unresolved_expression", f"${name}", self._line(node))

    def _expansion(self, node: "Node") -> Term:
        text = self._slice(node)[2:-1]
        if text.startswith("#"):
            return Unknown("unresolved_expression", self._slice(node)[:60], self._line(node))
        indirect = text.startswith("!")
        match = _VARIABLE.match(text, 1 if indirect else 0)
        if match is None:
            return Unknown("unresolved_expression", self._slice(node)[:60], self._line(node))
        name, rest = match[0], text[match.end() :]
        if indirect:
            return self.variable(plain(self.lookup(name)) or name, node)
        if rest[:2] in (":-", ":=", ":+") or rest[:1] in ("-", "=", "+"):
            return self._with_default(name, rest, node)
        value = self.variable(name, node)
        if rest in (",,", "@L"):
            return Call("shell.lower", (value,), self._line(node))
        return value

    def _with_default(self, name: str, rest: str, node: "Node") -> Term:
        known = self.lookup(name)
        words = [child for child in node.named_children if child.type != "variable_name"]
        default = concat([self.read(word) for word in words]) if words else Literal("")
        if "+" in rest[:2]:
            return default
        if known is None:
            return default
        return Operation("||", (known, default)) if plain(known) is None else known


_READERS: Final = {
    "word": WordReader._bare,  # noqa: SLF001 - the class's own table
    "number": WordReader._bare,  # noqa: SLF001
    "extglob_pattern": WordReader._bare,  # noqa: SLF001
    "regex": WordReader._bare,  # noqa: SLF001
    "test_operator": WordReader._bare,  # noqa: SLF001
    "raw_string": WordReader._raw,  # noqa: SLF001
    "string": WordReader._quoted,  # noqa: SLF001
    "simple_expansion": WordReader._simple,  # noqa: SLF001
    "expansion": WordReader._expansion,  # noqa: SLF001
    "command_substitution": WordReader._substituted,  # noqa: SLF001
    "process_substitution": WordReader._substituted,  # noqa: SLF001
    "ansi_c_string": WordReader._ansi,  # noqa: SLF001
    "concatenation": WordReader._joined,  # noqa: SLF001
    "command_name": WordReader._joined,  # noqa: SLF001
    "translated_string": WordReader._joined,  # noqa: SLF001
    "heredoc_body": WordReader._heredoc,  # noqa: SLF001
    "brace_expression": WordReader._unexpanded,  # noqa: SLF001
}
