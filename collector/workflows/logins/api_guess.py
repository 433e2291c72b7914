"""Any other action whose name says that it deletes package versions, and that is handed a token."""

from typing import TYPE_CHECKING

from collector.workflows.logins.api_actions import guess
from collector.workflows.logins.api_calls import API_HOST
from collector.workflows.logins.base import Form, Found

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext


def find(step: "StepContext") -> Found:
    """Yield a guess for an action such as someone/ghcr-cleanup."""
    token = guess(step)
    if token is not None and step.uses is not None:
        yield step.login(
            step.uses.text.split("@", maxsplit=1)[0],
            host=None,
            credential=token,
            registry="api",
            operation="delete",
            default_host=API_HOST,
            guessed=True,
        )


FORM = Form(name="api-guess", every_action=True, in_step=find)
