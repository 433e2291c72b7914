"""Tools that take GITHUB_TOKEN for ghcr.io by themselves: krane, and ko where nothing logs it in."""

from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import Term, plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext

_VARIABLE: Final = "GITHUB_TOKEN"
_KO_VERBS: Final = frozenset({"build", "publish", "resolve", "apply", "create"})
_KO_REPOSITORY: Final = "KO_DOCKER_REPO"


def find(step: "StepContext") -> Found:
    """Yield at most one login a tool: the token stands once, in the environment."""
    token = step.env(_VARIABLE)
    if token is None:
        return
    done: set[str] = set()
    for command in step.script.commands:
        host = _host(step, command)
        if host is not None and command.name not in done:
            done.add(command.name)
            yield step.login(
                f"run:{command.name} keychain",
                host=host,
                credential=command.env.get(_VARIABLE, token),
                line=command.line,
                implicit=True,
            )


def _host(step: "StepContext", command: "Command") -> Term | None:
    if command.name == "krane":
        images = [word for word in command.words[2:] if not (plain(word) or "").startswith("-")]
        words = images[1:] if plain(command.words[1]) == "auth" else images
        return next((word for word in words if plain(word) != ""), None)
    if command.name == "ko" and _KO_VERBS.intersection(command.texts()[1:2]):
        if any(_logs_in(other) for other in step.job.steps[: step.index + 1]):
            return None
        return command.env.get(_KO_REPOSITORY) or step.env(_KO_REPOSITORY)
    return None


def _logs_in(step: "StepContext") -> bool:
    if step.uses is not None:
        return "login" in step.uses.name or step.uses.name.endswith("setup-ko")
    node = step.script_node
    return node is not None and " login" in node.text


FORM = Form(
    name="keychain",
    words=("krane", "ko build", "ko publish", "ko resolve", "ko apply", "ko create"),
    in_step=find,
)
