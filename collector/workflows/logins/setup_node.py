"""actions/setup-node with `registry-url`: it writes an .npmrc that reads NODE_AUTH_TOKEN."""

from typing import TYPE_CHECKING

from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext


def find(step: "StepContext") -> Found:
    """Yield a login for each later step that sets NODE_AUTH_TOKEN for the registry."""
    url = step.input("registry-url")
    if url is None or plain(url) == "":
        return
    for later in step.job.steps[step.index :]:
        if later is not step and later.uses and later.uses.name == "actions/setup-node":
            if later.input("registry-url") is not None:
                return  # another .npmrc from here on
            continue
        token = later.env("NODE_AUTH_TOKEN")
        if token is not None and _runs_npm(later) and plain(token) != "":
            yield later.login("setup-node", host=url, credential=token)


def _runs_npm(step: "StepContext") -> bool:
    """Tell whether a step can use the .npmrc: it has the token itself, or runs a package tool."""
    own = step.node.mapping("env")
    if own is not None and "NODE_AUTH_TOKEN" in own.values:
        return True
    node = step.script_node
    if node is None:
        return False
    return any(word in node.text for word in ("npm ", "yarn", "pnpm ", "npx ", "bun ", "lerna"))


FORM = Form(name="setup-node", actions=("actions/setup-node",), in_step=find)
