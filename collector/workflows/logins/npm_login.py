"""`npm login`, `npm adduser` and the small tools that do it without a terminal."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.tools import Options, may_be_secret, read_options
from collector.workflows.terms import plain

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

_TOOLS: Final = frozenset(
    ["npm-cli-login", "npm-cli-adduser", "npm-auth-to-token", "npm-login-noninteractive",
     "npm-login-cmd", "npm-login"]
)  # fmt: skip
_MANAGERS: Final = frozenset({"npm", "pnpm", "yarn", "npx", "bunx"})
_LOGIN: Final = frozenset({"login", "adduser", "add-user"})
_REGISTRY: Final = (
    "NPM_REGISTRY",
    "npm_config_registry",
    "NPM_CONFIG_REGISTRY",
    "NPM_REGISTRY_URL",
)
_PASSWORD: Final = ("NPM_PASS", "NPM_PASSWORD", "NPM_TOKEN")
_ANSWERS: Final = 2  # user name, password, e-mail address


def find(step: "StepContext") -> Found:
    """Yield a login for each command of a step that logs npm in."""
    for command in step.script.commands:
        options = _arguments(command)
        if options is None:
            continue
        host = options.get("registry", "r") or _variable(step, command, _REGISTRY)
        credential = (
            options.get("p", "password", "token")
            or _answer(command.stdin)
            or _variable(step, command, _PASSWORD)
        )
        if host is not None and may_be_secret(credential):
            yield step.login(
                f"run:{command.name} login", host=host, credential=credential, line=command.line
            )


def _arguments(command: "Command") -> Options | None:
    texts = command.texts()
    for at, text in enumerate(texts[:4]):
        name = text.rsplit("/", 1)[-1].split("@", 1)[0]
        if name in _TOOLS:
            return read_options(command.words[at + 1 :])
    if command.name in _MANAGERS and any(text in _LOGIN for text in texts[1:4]):
        return read_options(command.words[1:])
    return None


def _answer(stdin: "Term | None") -> "Term | None":
    r"""Return the second answer of three, the password."""
    if stdin is None:
        return None
    flat = Flat.of(stdin)
    answers = [a for a in re.split(r"\n|\\n", flat.text.strip()) if a]
    return flat.term(answers[1]) if len(answers) >= _ANSWERS else stdin


def _variable(step: "StepContext", command: "Command", names: tuple[str, ...]) -> "Term | None":
    for name in names:
        found = command.env.get(name) or step.env(name)
        if found is not None and plain(found) != "":
            return found
    return None


FORM = Form(
    name="npm-login",
    words=("npm-cli-login", "npm-cli-adduser", "npm-auth-to-token", "npm login", "npm adduser",
           "npm-login", "npm add-user"),
    in_step=find,
)  # fmt: skip
