"""GitHub's `${{ }}` expressions: a tokenizer and a Pratt parser, with lines and a depth cap."""

import math
import re
from functools import lru_cache
from typing import Final

from collector.workflows.document import Scalar
from collector.workflows.spans import spans
from collector.workflows.terms import (
    Access,
    Call,
    Constant,
    Index,
    Literal,
    Operation,
    Term,
    Unknown,
    concat,
)

MAX_DEPTH: Final = 50
MAX_LENGTH: Final = 21_000  # GitHub's own limit on one expression

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^']|'')*')
  | (?P<number>(?:0x[0-9A-Fa-f]+|0o[0-7]+
        |[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Infinity\b))(?![\w.]))
  | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
  | (?P<mark>&&|\|\||==|!=|<=|>=|[!<>()\[\],.*])
  )""",
    re.VERBOSE,
)
_KEYWORDS: Final[dict[str, Constant]] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": math.nan,
    "Infinity": math.inf,
}
_BINDING: Final = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
}
# Most expressions are one plain access; a whole value that is one needs no parser.
_SIMPLE: Final = re.compile(
    r"\s*\$\{\{\s*([A-Za-z_][\w-]*)((?:\.[A-Za-z_][\w-]*)+)\s*\}\}\s*", re.ASCII
)


class ExpressionError(ValueError):
    """An expression that GitHub's parser refuses, with the offset in its text."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"offset {offset}: {reason}")
        self.offset = offset
        self.reason = reason


def template(text: str, line: int) -> Term:
    """Read a text with expressions in it into a term; a broken expression is Unknown."""
    if "${{" not in text:
        return Literal(text, line)
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return _access(simple[1], simple[2], line)
    parts: list[Term] = []
    at = 0
    for span in spans(text):
        if span.start > at:
            parts.append(Literal(text[at : span.start], line))
        span_line = line + text.count("\n", 0, span.start)
        parts.append(parse_or_unknown(span.inner, span_line))
        at = span.end
    if at < len(text):
        parts.append(Literal(text[at:], line))
    return concat(parts)


def scalar_term(node: Scalar) -> Term:
    """Read a scalar's text into a term with the lines of its expressions."""
    if "${{" not in node.text:
        return Literal(node.text, node.first_line)
    if node.style == "|":
        return template(node.text, node.line + 1)
    return template(node.text.replace("\n", " "), node.first_line)


def condition(text: str, line: int) -> Term:
    """Read an `if:`, which may leave the `${{ }}` out."""
    if "${{" in text:
        return template(text.strip(), line)
    return parse_or_unknown(text, line)


def parse_or_unknown(text: str, line: int) -> Term:
    """Parse an expression; what can't be parsed is Unknown with its text."""
    try:
        return parse(text, line)
    except ExpressionError:
        return Unknown("unresolved_expression", " ".join(text.split())[:100], line)


@lru_cache(maxsize=2048)
def parse(text: str, line: int = 0) -> Term:
    """Parse the inside of one `${{ }}`.

    Raises:
        ExpressionError: GitHub would refuse it.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(0, "too long")
    return _Parser(text, line).run()


def _access(context: str, rest: str, line: int) -> Access:
    return Access((context.lower(), *rest[1:].split(".")), line)


class _Parser:
    """Pratt parser over the tokens of one expression."""

    __slots__ = ("_at", "_depth", "_line", "_text", "_tokens")

    def __init__(self, text: str, line: int) -> None:
        self._text = text
        self._line = line
        self._tokens = self._tokenize(text)
        self._at = 0
        self._depth = 0

    @staticmethod
    def _tokenize(text: str) -> list[tuple[str, str, int]]:
        tokens: list[tuple[str, str, int]] = []
        at = 0
        end = len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise ExpressionError(at, "unexpected character")
            kind = match.lastgroup or ""
            tokens.append((kind, match[kind], match.start(kind)))
            at = match.end()
        tokens.append(("end", "", len(text)))
        return tokens

    def run(self) -> Term:
        term = self._expression(0)
        kind, _, offset = self._tokens[self._at]
        if kind != "end":
            raise ExpressionError(offset, "unexpected symbol")
        return term

    def _next(self) -> tuple[str, str, int]:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _peek(self, mark: str) -> bool:
        kind, text, _ = self._tokens[self._at]
        return kind == "mark" and text == mark

    def _expect(self, mark: str) -> None:
        kind, text, offset = self._next()
        if kind != "mark" or text != mark:
            raise ExpressionError(offset, f"expected {mark}")

    def _line_at(self, offset: int) -> int:
        return self._line + self._text.count("\n", 0, offset) if self._line else 0

    def _expression(self, binding: int) -> Term:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(self._tokens[self._at][2], "nested too deeply")
        left = self._postfix(self._primary())
        while True:
            kind, text, _ = self._tokens[self._at]
            power = _BINDING.get(text, 0) if kind == "mark" else 0
            if power <= binding:
                break
            self._at += 1
            left = Operation(text, (left, self._expression(power)))
        self._depth -= 1
        return left

    def _primary(self) -> Term:
        kind, text, offset = self._next()
        line = self._line_at(offset)
        if kind == "string":
            return Literal(text[1:-1].replace("''", "'"), line)
        if kind == "number":
            return Literal(_number(text), line)
        if kind == "name":
            return self._name(text, line)
        if kind == "mark" and text == "(":
            inner = self._expression(0)
            self._expect(")")
            return inner
        if kind == "mark" and text == "!":
            return Operation("!", (self._expression(4),))
        raise ExpressionError(offset, "unexpected symbol")

    def _name(self, text: str, line: int) -> Term:
        if self._peek("("):
            return Call(text.lower(), self._arguments(), line)
        if text in _KEYWORDS:
            return Literal(_KEYWORDS[text], line)
        return Access((text.lower(),), line)

    def _arguments(self) -> tuple[Term, ...]:
        self._expect("(")
        args: list[Term] = []
        if not self._peek(")"):
            args.append(self._expression(0))
            while self._peek(","):
                self._at += 1
                args.append(self._expression(0))
        self._expect(")")
        return tuple(args)

    def _postfix(self, term: Term) -> Term:
        while True:
            if isinstance(term, Literal) and (self._peek(".") or self._peek("[")):
                raise ExpressionError(self._tokens[self._at][2], "a constant has no properties")
            if self._peek("."):
                self._at += 1
                kind, text, offset = self._next()
                if kind != "name" and text != "*":
                    raise ExpressionError(offset, "expected a property name")
                term = _property(term, text)
            elif self._peek("["):
                self._at += 1
                if self._peek("*"):
                    self._at += 1
                    term = _property(term, "*")
                else:
                    term = _index(term, self._expression(0))
                self._expect("]")
            else:
                return term


def _property(base: Term, name: str) -> Term:
    if isinstance(base, Access):
        return Access((*base.path, name), base.line)
    return Index(base, Literal(name))


def _index(base: Term, key: Term) -> Term:
    if isinstance(base, Access) and isinstance(key, Literal) and isinstance(key.value, str):
        return Access((*base.path, key.value), base.line)
    return Index(base, key)


def _number(text: str) -> float:
    sign = -1 if text.startswith("-") else 1
    bare = text.lstrip("+-")
    if bare.startswith("0x"):
        return float(sign * int(bare, 16))
    if bare.startswith("0o"):
        return float(sign * int(bare, 8))
    return sign * float(bare.replace("Infinity", "inf"))
