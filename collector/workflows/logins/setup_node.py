"""actions/setup-node with `registry-url`: it writes an .npmrc that reads NODE_AUTH_TOKEN."""

from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.tools import does, has_own, held, may_be_secret
from collector.workflows.terms import plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

# Actions with setup-node's inputs, and the variable that their .npmrc reads.
SETUP_ACTIONS: Final = {
    "actions/setup-node": "NODE_AUTH_TOKEN",
    "step-security/setup-node": "NODE_AUTH_TOKEN",
    "useblacksmith/setup-node": "NODE_AUTH_TOKEN",
    "volta-cli/action": "NODE_AUTH_TOKEN",
    "oven-sh/setup-bun": "BUN_AUTH_TOKEN",
}
_INPUTS: Final = ("registry-url", "registry_url")
_NPM: Final = (
    "npm ",
    "npm\n",
    "yarn",
    "pnpm",
    "npx ",
    "bun ",
    "bunx ",
    "lerna",
    "semantic-release",
)
# Tools that write NPM_TOKEN into the .npmrc for the registry that stands there.
_TAKES_NPM_TOKEN: Final = ("semantic-release", "release-it", "auto shipit", "lerna publish")


def find(step: "StepContext") -> Found:
    """Yield a login for each later step that has a token for the registry."""
    if not sets_up(step) or step.uses is None:
        return
    url = step.input(*_INPUTS)
    known = step.uses.name in SETUP_ACTIONS
    if not known and "npm" not in (plain(url) or ""):
        return  # an input of that name may be for images
    variable = SETUP_ACTIONS.get(step.uses.name, "NODE_AUTH_TOKEN")
    for later in step.job.steps[step.index :]:
        if later is not step and sets_up(later):
            return  # another .npmrc from here on
        if later.uses is not None and later.uses.name in SETUP_ACTIONS and later is not step:
            continue
        token = _token(later, variable) if known or has_own(later, variable) else None
        if may_be_secret(token):
            yield later.login("setup-node", host=url, credential=token, operation=does(later))


def sets_up(step: "StepContext") -> bool:
    """Tell whether a step's action is handed a registry as setup-node is."""
    given = step.node.mapping("with") if step.uses is not None else None
    if given is None or not any(name in given.values for name in _INPUTS):
        return False
    return plain(step.input(*_INPUTS)) != ""


def _token(step: "StepContext", variable: str) -> "Term | None":
    if has_own(step, variable) or _runs(step, _NPM):
        found = held(step, variable)
        if found is None and step.file.kind == "action" and _speaks_of(step, variable):
            found = step.variable(variable)  # a composite action's caller sets it
        if found is not None:
            return found
    if _runs(step, _TAKES_NPM_TOKEN):
        return held(step, "NPM_TOKEN")
    return None


def _speaks_of(step: "StepContext", variable: str) -> bool:
    return variable.lower() in step.file.lowered and _runs(step, _NPM)


def _runs(step: "StepContext", words: tuple[str, ...]) -> bool:
    """Tell whether a step's script, or its action's name, has one of some words."""
    node = step.script_node
    text = f"{node.text} " if node is not None else step.uses.name if step.uses else ""
    return any(word in text for word in words)


FORM = Form(
    name="setup-node", actions=tuple(sorted(SETUP_ACTIONS)), every_action=True, in_step=find
)
