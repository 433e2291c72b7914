"""What a term can come to: bounded alternatives of known text and named sources, with hops."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from collector.workflows.terms import Constant, as_text

MAX_ALTERNATIVES: Final = 64


@dataclass(frozen=True, slots=True)
class Hop:
    """One place that a value passed on its way to the login.

    Attributes:
        kind: env, matrix, output, input, default, secret, inherit, variable, file, call.
        text: the name there.
    """

    kind: str
    text: str
    repository: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value that the text does not spell out comes from.

    Attributes:
        kind: secret, github_token, var, input, output, env, dynamic_secret, all_secrets,
            app_token, oidc, context, unknown.
        name: the secret's, variable's, input's … name.
        reason: a reason code, where the kind is not known to the end.
        line: where the expression stands in `path` of `repository`.
    """

    kind: str
    name: str
    reason: str = ""
    line: int = 0
    repository: str = ""
    path: str = ""

    @property
    def expression(self) -> str:
        """Return the source as an expression would name it."""
        return _SPELLING.get(self.kind, "{}").format(self.name)


_SPELLING: Final = {
    "secret": "secrets.{}",
    "github_token": "{}",
    "var": "vars.{}",
    "input": "inputs.{}",
    "env": "env.{}",
    "dynamic_secret": "secrets[{}]",
    "all_secrets": "secrets",
}

Guard = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing that a term can come to.

    Attributes:
        parts: text and sources in order, or None where it is the constant.
        constant: a boolean, number, null, list or object.
        hops: the way it came, nearest to the login first.
        guards: what was assumed on the way, as (question, answer); they keep pairs honest.
        line: where its text or first source stands, 1-based, 0 unknown.
    """

    parts: tuple[str | Source, ...] | None
    constant: Constant = None
    hops: tuple[Hop, ...] = ()
    guards: tuple[Guard, ...] = ()
    line: int = 0

    @property
    def text(self) -> str | None:
        """Return the text where no source is in it, else None."""
        if self.parts is None:
            return as_text(self.constant)
        known = [part for part in self.parts if isinstance(part, str)]
        return "".join(known) if len(known) == len(self.parts) else None

    @property
    def value(self) -> Constant:
        """Return the constant, or the text; only meaningful where nothing is a source."""
        return self.constant if self.parts is None else self.text

    def behind(self, hop: Hop) -> "Alternative":
        """Return it as it is one hop further on."""
        return Alternative(self.parts, self.constant, (hop, *self.hops), self.guards, self.line)

    def under(self, guards: tuple[Guard, ...]) -> "Alternative":
        """Return it with other assumptions."""
        return Alternative(self.parts, self.constant, self.hops, guards, self.line)

    @property
    def known(self) -> bool:
        """Tell whether the value is known to the end."""
        return self.parts is None or all(isinstance(part, str) for part in self.parts)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the sources in it."""
        return tuple(part for part in self.parts or () if isinstance(part, Source))

    @property
    def pieces(self) -> tuple[str | Source, ...]:
        """Return the parts, a constant as its text."""
        return (as_text(self.constant),) if self.parts is None else self.parts


def text_of(value: str, line: int = 0) -> Alternative:
    """Make an alternative of plain text."""
    return Alternative((value,) if value else (), line=line)


def constant_of(value: Constant, line: int = 0) -> Alternative:
    """Make an alternative of a constant."""
    if isinstance(value, str):
        return text_of(value, line)
    return Alternative(None, value, line=line)


def compatible(left: tuple[Guard, ...], right: tuple[Guard, ...]) -> bool:
    """Tell whether two sets of assumptions can hold at once."""
    if not left or not right:
        return True
    answers = dict(left)
    return all(answers.get(question, answer) == answer for question, answer in right)


def merge_guards(left: tuple[Guard, ...], right: tuple[Guard, ...]) -> tuple[Guard, ...]:
    """Put two compatible sets of assumptions together."""
    if not right:
        return left
    return left + tuple(guard for guard in right if guard not in left)


def assume(alternative: Alternative, question: str, answer: str) -> Alternative | None:
    """Add an assumption, or return None where the opposite was assumed before."""
    guard = (question, answer)
    if not compatible(alternative.guards, (guard,)):
        return None
    return alternative.under(merge_guards(alternative.guards, (guard,)))


def guarded(
    alternatives: Iterable[Alternative], guards: tuple[Guard, ...]
) -> Iterator[Alternative]:
    """Yield the alternatives that can hold under assumptions, with those added."""
    for alternative in alternatives:
        if not guards:
            yield alternative
        elif compatible(alternative.guards, guards):
            yield alternative.under(merge_guards(guards, alternative.guards))


def bounded(alternatives: Iterable[Alternative]) -> list[Alternative]:
    """Drop repetitions, and cut with an unknown where there are too many."""
    alternatives = list(alternatives)
    if len(alternatives) < 2:  # noqa: PLR2004 - nothing repeats
        return alternatives
    kept: dict[tuple[object, ...], Alternative] = {}
    for alternative in alternatives:
        key = (alternative.parts, repr(alternative.constant), alternative.guards)
        if key not in kept:
            if len(kept) >= MAX_ALTERNATIVES:
                cut = Source("unknown", "too many alternatives", "unresolved_expression")
                return [*kept.values(), Alternative((cut,))]
            kept[key] = alternative
    return list(kept.values())
