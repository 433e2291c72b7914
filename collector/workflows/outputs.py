"""What a step's output or a variable in GITHUB_ENV is: written by a script, or known of an action."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.commands import Script
from collector.workflows.flat import Flat
from collector.workflows.terms import Access, Call, Term, Unknown, Via, plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

_ASSIGNED: Final = re.compile(r"\s*([A-Za-z_][\w-]*)=(.*)", re.DOTALL)
_OPENED: Final = re.compile(r"\s*([A-Za-z_][\w-]*)<<(\S+)\s*$")

# Actions whose output is an installation token of a GitHub App. Each by its README.
APP_TOKEN_ACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "actions/create-github-app-token": ("token",),
    "tibdex/github-app-token": ("token",),
    "peter-murray/workflow-application-token-action": ("token",),
    "getsentry/action-github-app-token": ("token",),
    "wow-actions/use-app-token": ("bot_token", "app_token"),
    "navikt/github-app-token-generator": ("token",),
    "machine-learning-apps/actions-app-token": ("app_token",),
    "cybozu/octoken-action": ("token",),
    "jnwng/github-app-installation-token-action": ("token",),
    "knowledge-work/github-app-token": ("token",),
    "suzuki-shunsuke/github-token-action": ("token",),
    "ibuprofen/get-github-app-token": ("token",),
    "tidal-music/github-app-token": ("token",),
    "paritytech/github-app-token": ("token",),
    "camunda/github-app-token": ("token",),
    "mongodb/github-app-token": ("token",),
    "grafana/shared-workflows/actions/create-github-app-token": ("token", "github_token"),
    "kattecon/gh-app-access-token-gen": ("access_token",),
    "philips-software/app-token-action": ("token",),
}
# Actions that trade the job's OIDC token for a short-lived GitHub token.
OIDC_ACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "octo-sts/action": ("token",),
    "chainguard-dev/actions/octo-sts": ("token",),
    "qoomon/actions--access-token": ("token",),
}
# Actions that read from a secret store; what lies there the text does not say.
SECRET_STORES: Final = frozenset(
    {
        "hashicorp/vault-action",
        "1password/load-secrets-action",
        "azure/get-keyvault-secrets",
        "google-github-actions/get-secretmanager-secrets",
        "aws-actions/aws-secretsmanager-get-secrets",
        "doppler/secrets-fetch-action",
        "bitwarden/sm-action",
        "rancher-eio/read-vault-secrets",
    }
)
# Actions whose output is one of their inputs in other letters: action -> output -> input.
REWRITTEN: Final[dict[str, dict[str, str]]] = {
    "aszc/change-string-case-action": {
        "lowercase": "string",
        "uppercase": "string",
        "capitalized": "string",
    },
    "vishalmamidi/lowercase-action": {"lowercase": "string"},
    "clowdhaus/lowercase-action": {"lowercase": "string"},
    "actions/string-case": {"lowercase": "string"},
    "mad9000/actions-find-and-replace-string": {"value": "source"},
    "frabert/replace-string-action": {"replaced": "string"},
    "bluwy/substitute-string-action": {"result": "_input-text"},
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value that a script writes; maybe: in a branch, so perhaps it does not."""

    term: Term
    line: int
    maybe: bool


def written(script: Script, target: str, name: str) -> Iterator[Value]:
    """Yield the values that a script writes under a name into a runner file."""
    wanted = name if target == "$GITHUB_ENV" else name.casefold()
    for write in script.writes:
        if target not in (plain(write.target) or ""):
            continue
        flat = Flat.of(write.content, line=write.line)
        for key, value, offset in _entries(flat.text):
            if (key if target == "$GITHUB_ENV" else key.casefold()) == wanted:
                line = flat.line_of(offset) if write.keeps_lines else write.line
                yield Value(flat.term(value, line=line), line, write.maybe)


def written_names(script: Script, target: str) -> Iterator[str]:
    """Yield the names that a script writes into a runner file."""
    for write in script.writes:
        if target in (plain(write.target) or ""):
            yield from (name for name, _, _ in _entries(Flat.of(write.content).text))


def _entries(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield name, value and offset of `NAME=value` lines and `NAME<<END` blocks."""
    lines = text.split("\n")
    at = offset = 0
    while at < len(lines):
        line = lines[at]
        opened = _OPENED.fullmatch(line)
        assigned = _ASSIGNED.fullmatch(line)
        if opened and opened[2] in lines[at + 1 :]:
            end = lines.index(opened[2], at + 1)
            block = lines[at + 1 : end]
            yield opened[1], "\n".join(block), offset + len(line) + 1
            offset += sum(len(text) + 1 for text in lines[at : end + 1])
            at = end + 1
            continue
        if assigned:
            yield assigned[1], assigned[2].strip("\"' \r"), offset
        offset += len(line) + 1
        at += 1


def action_output(step: "StepContext", name: str, line: int) -> Term | None:
    """Return what is known of an action's output; None where its callee has to be read."""
    uses = step.uses
    if uses is None:
        return None
    text = f"steps.{step.id}.outputs.{name}"
    for table, context in ((APP_TOKEN_ACTIONS, "app_token"), (OIDC_ACTIONS, "oidc")):
        if name.casefold() in table.get(uses.name, ()):
            return Via("output", text, step.uses_line, Access((context, uses.name), line))
    if uses.name in SECRET_STORES:
        return Unknown("external_reference", text, line)
    wanted = REWRITTEN.get(uses.name, {}).get(name.casefold())
    found = step.input(wanted) if wanted else None
    if found is not None:
        return Via("output", text, step.uses_line, Call("shell.lower", (found,), line))
    return None
