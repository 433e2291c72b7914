"""actions/setup-dotnet with `source-url`: it writes a nuget.config that reads NUGET_AUTH_TOKEN."""

from typing import TYPE_CHECKING

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.tools import has_own, held, may_be_secret
from collector.workflows.terms import plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

_VARIABLE = "NUGET_AUTH_TOKEN"


def find(step: "StepContext") -> Found:
    """Yield a login for the step itself, which needs the token, and each that sets another."""
    url = step.input("source-url")
    if url is None or plain(url) == "":
        return
    token = step.variable(_VARIABLE)
    if may_be_secret(token):
        yield step.login("setup-dotnet", host=url, credential=token)
    for later in step.job.steps[step.index + 1 :]:
        if later.uses and later.uses.name == "actions/setup-dotnet":
            if later.input("source-url") is not None:
                return  # another source's token from here on
        elif has_own(later, _VARIABLE):
            own = held(later, _VARIABLE)
            if may_be_secret(own):
                yield later.login("setup-dotnet", host=url, credential=own)


FORM = Form(name="setup-dotnet", actions=("actions/setup-dotnet",), in_step=find)
