"""What kind of credential a set of alternatives is, and how it is named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from collector.workflows.alternatives import Alternative, Source

# Token shapes that GitHub documents; a token of 2026 may be about 520 characters long.
TOKEN: Final = re.compile(r"(?:gh[pousr]_|github_pat_)[A-Za-z0-9_.\-]{16,}")

_KINDS: Final = {
    "secret": "pat",
    "github_token": "github_token",
    "app_token": "app_token",
    "oidc": "oidc",
}
# A user credential in any branch counts; what is not known outranks what is harmless.
_ORDER: Final = ("pat", "literal", "app_token", "unknown", "oidc", "github_token")


@dataclass(frozen=True, slots=True)
class Credential:
    """A classified credential.

    Attributes:
        chosen: the alternative that decides the kind.
        source: the source in it that decides, None for a literal.
        sources: all that could be used instead, as expressions, the deciding one first.
    """

    kind: str
    name: str
    expression: str
    chosen: Alternative
    source: Source | None
    sources: tuple[str, ...]
    reason_code: str = ""

    @property
    def fallback(self) -> bool:
        """Tell whether another credential may be used instead."""
        return len(self.sources) > 1


def classify(alternatives: Iterable[Alternative]) -> Credential | None:
    """Return the credential that alternatives amount to, None where all of them are empty."""
    found: list[tuple[str, Source | None, Alternative]] = []
    for alternative in alternatives:
        kind, source = _kind(alternative)
        if kind:
            found.append((kind, source, alternative))
    if not found:
        return None
    if any(kind != "literal" for kind, _, _ in found):
        # `secrets.X || 'none'`: words in a branch are no credential beside a real one.
        found = [f for f in found if f[0] != "literal" or TOKEN.search(f[2].text or "")]
    found.sort(key=lambda item: _ORDER.index(item[0]))
    kind, source, chosen = found[0]
    expressions = tuple(dict.fromkeys(_expression(k, s) for k, s, _ in found))
    return Credential(
        kind,
        _name(kind, source),
        " || ".join(expressions),
        chosen,
        source,
        expressions,
        _reason(kind, source),
    )


def _kind(alternative: Alternative) -> tuple[str, Source | None]:
    if alternative.parts is None:
        return "", None  # `false && secrets.X`: a boolean or a number logs nobody in
    sources = [source for source in alternative.sources if source.kind != "context"]
    if not sources:
        if alternative.sources:
            return "unknown", alternative.sources[0]
        return ("literal", None) if (alternative.text or "").strip() else ("", None)
    for source in reversed(sources):
        # In `user:token` the token stands last.
        kind = _KINDS.get(source.kind)
        if kind is not None:
            return kind, source
    return "unknown", sources[-1]


def _name(kind: str, source: Source | None) -> str:
    if source is None:
        return "literal"
    if kind == "github_token":
        return "GITHUB_TOKEN"
    return source.name if kind != "unknown" else _expression(kind, source)


def _expression(kind: str, source: Source | None) -> str:
    if source is None:
        return "(literal)"
    return source.expression if kind != "app_token" else f"token of {source.name}"


def _reason(kind: str, source: Source | None) -> str:
    if kind != "unknown":
        return ""
    return (source.reason if source else "") or "unresolved_expression"


REASONS: Final = {
    "no_caller": "{what} is up to a caller, and no caller of this file is known.",
    "external_reference": "{what} comes from outside of what was examined.",
    "unresolved_expression": "{what} can't be told from the text.",
    "truncated": "{what} lies deeper than calls are followed.",
}


def sentence(reason_code: str, what: str) -> str:
    """Return a reason as a full sentence."""
    return REASONS.get(reason_code, "{what} is unknown.").format(what=what)
