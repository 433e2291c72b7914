"""Any other action or called workflow that is handed a registry host and a token in its inputs.

What an action does with a token is knowledge, but one that is handed both `registry: ghcr.io` and
`password: ${{ secrets.X }}` is handed them for one purpose. A local action or one of the
organization is read instead: the guess is dropped when its file is at hand.
"""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import Access, Term, plain, walk

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

_PASSWORD: Final = re.compile(
    r"(?:^|[-_.]|registry|docker|ghcr|container|image|github|gh|cr)"
    r"(?:pass|password|token|pat|secret|api[-_]?key|access[-_]?key|key|creds|credentials)$",
    re.IGNORECASE,
)
_HOST: Final = re.compile(
    r"(?:registry|registries|host|hostname|server|login[-_]server|url|repo|repository|image|images"
    r"|image[-_]?name|name|tags?|destination|dest|target)(?:[-_](?:url|host|name|server))?s?$",
    re.IGNORECASE,
)
_NOT_A_TOKEN: Final = re.compile(r"user|name$|email|file|path|id$", re.IGNORECASE)


def find(step: "StepContext") -> Found:
    """Yield a guess for an action that is handed a host and a token."""
    uses = step.uses
    if uses is None or uses.name.startswith(("actions/", "github/")):
        return
    yield from guesses(step, step.inputs, uses.text)


def guesses(step: "StepContext", inputs: "dict[str, Term]", text: str) -> Found:
    """Yield at most one guess a host input."""
    tokens = [(name, term) for name, term in inputs.items() if _is_token(name, term)]
    if not tokens:
        return
    hosts = [(name, term) for name, term in inputs.items() if _HOST.search(name)]
    for name, host in hosts:
        chosen = _belonging(name, tokens)
        yield step.login(text.split("@", maxsplit=1)[0], host=host, credential=chosen, guessed=True)


def _is_token(name: str, term: Term) -> bool:
    if _NOT_A_TOKEN.search(name) or not _PASSWORD.search(name):
        return False
    return plain(term) != "" and any(isinstance(inner, Access) for inner in walk(term))


def _belonging(host: str, tokens: "list[tuple[str, Term]]") -> Term:
    """Return the token whose name is most like the host's: `ghcr-token` for `ghcr-registry`."""
    head = re.split(r"[-_]", host)[0].lower()
    for name, term in tokens:
        if name.lower().startswith(head):
            return term
    return next((term for name, term in tokens if "pass" in name.lower()), tokens[0][1])


FORM = Form(name="other-action", every_action=True, in_step=find)
