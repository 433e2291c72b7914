"""`dotnet nuget add source` and `nuget sources add` with a password."""

from typing import TYPE_CHECKING

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import named_for_packages
from collector.workflows.logins.nuget_sources import (
    HOST,
    address,
    source_host,
    source_name,
    source_options,
)
from collector.workflows.logins.tools import is_job_token, may_be_secret

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext


def find(step: "StepContext") -> Found:
    """Yield a login for each source that a step adds or changes with a password."""
    for command in step.script.commands:
        options = source_options(command)
        password = options.get("password", "p") if options is not None else None
        if options is None or not may_be_secret(password):
            continue
        name = source_name(options)
        host = address(options) or source_host(step, name)
        known = named_for_packages(name) or is_job_token(password)
        if host is not None or known:
            yield step.login(
                "run:nuget source",
                host=host,
                credential=password,
                line=command.line,
                default_host=HOST,
            )


FORM = Form(name="nuget-source", words=("nuget",), in_step=find)
