"""What a call of the packages API looks like, in a URL, in a route and in a GraphQL mutation."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.terms import Concat, Either, Term, Via, concat

if TYPE_CHECKING:
    from collections.abc import Iterator

API_HOST: Final = "api.github.com"
UNKNOWN: Final = "\ue000"
_SEGMENT: Final = r"[^\s/'\"?]{1,200}"
_PATH: Final = re.compile(
    rf"(?:^|/)(?:(?:orgs|users)/(?P<owner>{_SEGMENT})|user|(?P<open>{_SEGMENT}(?:/{_SEGMENT})?))"
    rf"/packages/(?P<type>{_SEGMENT})/(?P<name>{_SEGMENT})(?P<rest>[^\s'\"?]{{0,300}})",
    re.IGNORECASE,
)
_TYPES: Final = frozenset({"container", "docker", "npm", "maven", "nuget", "rubygems"})
# A part that a variable or an expression fills in.
_OPEN: Final = re.compile("[\ue000-\uf8ff$}]")
_ELSEWHERE: Final = re.compile(
    r"https?://(?!api\.github\.com|[^/\s]*/api/v3/|api\.[^/\s]*ghe\.com|[^/]*[\ue000-\uf8ff$])"
)
MUTATION: Final = re.compile(r"\bdeletePackageVersion\b")


def known_text(term: Term, *, option: int = -1) -> str:
    """Return a term's text over all hops, each unknown part as one character."""
    return spread(term, option=option).text


def spread(term: Term, *, option: int = -1) -> Flat:
    """Return a term flat over all hops, so that a path can be read that variables hold.

    A path that a script puts together in branches mostly has the same shape in each: one is taken.
    """
    return Flat.of(concat(_leaves(term, option, 0)))


def _leaves(term: Term, option: int, depth: int) -> "Iterator[Term]":
    if isinstance(term, Via) and depth < _DEEPEST:
        yield from _leaves(term.term, option, depth + 1)
    elif isinstance(term, Concat) and depth < _DEEPEST:
        for part in term.parts:
            yield from _leaves(part, option, depth + 1)
    elif isinstance(term, Either) and depth < _DEEPEST:
        yield from _leaves(term.options[option], option, depth + 1)
    else:
        yield term


_DEEPEST: Final = 20


def path_in(text: str) -> re.Match[str] | None:
    """Find the path of a package; groups owner (None for the token's own), type, name and rest."""
    match = _PATH.search(text)
    while match is not None:
        told = match["open"] is None or _OPEN.search(match["open"])
        if told and (match["type"].lower() in _TYPES or _OPEN.search(match["type"])):
            return match
        match = _PATH.search(text, match.start() + 1)
    return None


def operation_of(method: str, url: str) -> str:
    """Return delete or restore for a call of the packages API, else an empty string."""
    match = path_in(url)
    if match is None or _ELSEWHERE.match(url):
        return ""
    if method.upper() == "DELETE":
        return "delete"
    restores = match["rest"].rstrip("/").endswith("/restore")
    return "restore" if method.upper() == "POST" and restores else ""
