"""Any other action or called workflow that is handed a registry host and a token in its inputs.

What an action does with a token is knowledge, but one that is handed both `registry: ghcr.io` and
`password: ${{ secrets.X }}` is handed them for one purpose. A local action or one of the
organization is read instead: the guess is dropped when its file is at hand.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import Access, Either, Term, plain, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.workflows.step_context import StepContext

_PASSWORD: Final = re.compile(
    r"(?:^|[-_.]|registry|docker|ghcr|container|image|github|gh|cr)"
    r"(?:pass|password|token|pat|secret|api[-_]?key|access[-_]?key|key|creds|credentials)$",
    re.IGNORECASE,
)
_HOST: Final = re.compile(
    r"(?:registry|registries|host|hostname|server|login[-_]server|url|repo|repository|source|feed|image|images"
    r"|image[-_]?name|name|tags?|destination|dest|target)(?:[-_](?:url|host|name|server))?s?$",
    re.IGNORECASE,
)
_NOT_A_TOKEN: Final = re.compile(r"user|name$|email|file|path|id$", re.IGNORECASE)


def find(step: "StepContext") -> Found:
    """Yield a guess for an action that is handed a host and a token."""
    uses = step.uses
    if uses is None or uses.name.startswith(("actions/", "github/")):
        return
    given = step.node.mapping("with")
    names = list(given.values) if given else []
    if not any(map(_sounds_like_token, names)) or not any(map(is_host, names)):
        return
    yield from guesses(step, step.inputs, uses.text)


def guesses(step: "StepContext", inputs: "dict[str, Term]", text: str) -> Found:
    """Yield at most one guess a token: an action is told its host in several ways."""
    tokens = [(name, term) for name, term in inputs.items() if is_token(name, term)]
    hosts = [(name, term) for name, term in inputs.items() if is_host(name)]
    form = text.split("@", maxsplit=1)[0]
    for host, token in guessed_pairs(hosts, tokens, key=f"{form}/{step.index}"):
        yield step.login(form, host=host, credential=token, guessed=True)


def guessed_pairs(
    hosts: "list[tuple[str, Term]]", tokens: "list[tuple[str, Term]]", *, key: str
) -> "Iterator[tuple[Term, Term]]":
    """Yield each token that belongs to a host, with all the hosts that it belongs to."""
    grouped: list[tuple[Term, list[Term]]] = []
    for name, host in hosts if tokens else ():
        token = belonging(name, tokens)
        same = next((found for term, found in grouped if term == token), None)
        if same is None:
            grouped.append((token, [host]))
        elif host not in same:
            same.append(host)
    for number, (token, found) in enumerate(grouped):
        one = found[0] if len(found) == 1 else Either(f"{key}/{number}", tuple(found))
        yield one, token


@lru_cache(maxsize=2048)
def is_host(name: str) -> bool:
    """Tell whether an input's name is that of a host, an image or a URL."""
    return bool(_HOST.search(name))


def is_token(name: str, term: Term) -> bool:
    """Tell whether an input is a token by its name, and not a literal."""
    return _sounds_like_token(name) and _is_source(term)


@lru_cache(maxsize=2048)
def _sounds_like_token(name: str) -> bool:
    return bool(_PASSWORD.search(name)) and not _NOT_A_TOKEN.search(name)


def _is_source(term: Term) -> bool:
    return plain(term) != "" and any(isinstance(inner, Access) for inner in walk(term))


def belonging(host: str, tokens: "list[tuple[str, Term]]") -> Term:
    """Return the token whose name is most like the host's: `ghcr-token` for `ghcr-registry`."""
    head = re.split(r"[-_]", host)[0].lower()
    for name, term in tokens:
        if name.lower().startswith(head):
            return term
    return next((term for name, term in tokens if "pass" in name.lower()), tokens[0][1])


FORM = Form(name="other-action", every_action=True, in_step=find)
