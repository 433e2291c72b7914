"""docker/login-action and the actions that log a container tool in as it does."""

from typing import TYPE_CHECKING

from collector.workflows.logins.actions import LOGIN_ACTIONS
from collector.workflows.logins.base import Form, Found
from collector.workflows.terms import Access, Term, Via, plain

if TYPE_CHECKING:
    from collector.workflows.logins.actions import LoginAction
    from collector.workflows.step_context import StepContext


def find(step: "StepContext") -> Found:
    """Yield the logins of an action that the knowledge table names."""
    if step.uses is None:
        return
    yield from logins_of(step, LOGIN_ACTIONS.get(step.uses.name, ()))


def logins_of(step: "StepContext", rows: "tuple[LoginAction, ...]") -> Found:
    """Yield the logins that rows of a knowledge table tell of a step."""
    for row in rows:
        if step.uses is not None and row.fits(step.uses.ref):
            yield from _login(step, row)


def _login(step: "StepContext", row: "LoginAction") -> Found:
    host = step.input(*row.host) if row.host else None
    if host is None or plain(host) == "":
        host = _environment(step, row.host_env)
    credential = step.input(*row.credential) if row.credential else None
    implicit = False
    if credential is None or plain(credential) == "":
        credential = _environment(step, row.env)
    if credential is None and row.default_token:
        # The default stands in no line of this file; the action's own line is shown.
        credential = Via("default", row.action, step.uses_line, _TOKEN)
        implicit = True
    if credential is None:
        return
    yield step.login(
        row.action,
        host=host,
        credential=credential,
        registry=row.registry,
        operation=row.operation,
        default_host=row.default_host,
        implicit=implicit,
    )


def _environment(step: "StepContext", names: tuple[str, ...]) -> Term | None:
    for name in names:
        found = step.env(name)
        if found is not None:
            return found
    return None


_TOKEN = Access(("github", "token"))

FORM = Form(name="docker-login", actions=tuple(sorted(LOGIN_ACTIONS)), in_step=find)
