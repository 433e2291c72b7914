"""A command-line tool or a script whose name says that it deletes packages: `ghcr-prune --token`."""

from typing import TYPE_CHECKING, Final

from collector.workflows.logins.api_actions import deletes_packages
from collector.workflows.logins.api_calls import API_HOST
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.tools import read_options

if TYPE_CHECKING:
    from collector.workflows.commands import Command
    from collector.workflows.step_context import StepContext

_SILENT: Final = frozenset({"echo", "printf", "git", "gh", "curl", "cd", "ls", "mkdir", "rm"})
_FRONT: Final = 8


def find(step: "StepContext") -> Found:
    """Yield each command of such a name that is given a token."""
    for command in step.script.commands:
        if command.name in _SILENT or not _deletes(command):
            continue
        token = read_options(command.words[1:]).get("token", "github-token", "pat")
        if token is not None:
            yield step.login(
                f"run:{command.name}",
                host=None,
                credential=token,
                line=command.line,
                registry="api",
                operation="delete",
                default_host=API_HOST,
            )


def _deletes(command: "Command") -> bool:
    """Tell whether the tool, or the script or image that it runs, is named so."""
    names = (text.rsplit("/", 1)[-1].lower() for text in command.texts()[:_FRONT])
    return any(deletes_packages(name) for name in names if not name.startswith("-"))


FORM = Form(name="api-tool", words=("container-retention", "ghcr-", "ghcr_", "_ghcr"), in_step=find)
