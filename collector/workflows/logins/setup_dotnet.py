"""actions/setup-dotnet with `source-url`: it writes a nuget.config that reads NUGET_AUTH_TOKEN."""

from typing import TYPE_CHECKING

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import meant, secret_for_packages
from collector.workflows.logins.nuget_sources import HOST
from collector.workflows.logins.tools import has_own, held, is_job_token, may_be_secret, spoken
from collector.workflows.terms import plain

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext
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


def find_implied(job: "JobContext") -> Found:
    """Yield a login where a committed nuget.config reads the job's token, or one named for it."""
    if any(step.input("source-url") is not None for step in job.steps):
        return
    for step in job.steps:
        value = held(step, _VARIABLE) if has_own(step, _VARIABLE) else None
        if value is None or not any(tool in spoken(step) for tool in ("dotnet", "nuget")):
            continue
        if secret_for_packages(value) or (is_job_token(value) and meant(step, HOST)):
            yield step.login("nuget env", host=None, credential=value, default_host=HOST)


FORM = Form(
    name="setup-dotnet",
    actions=("actions/setup-dotnet",),
    job_words=("nuget_auth_token",),
    in_step=find,
    in_job=find_implied,
)
