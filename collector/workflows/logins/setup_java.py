"""actions/setup-java: its settings.xml names a server, and the variable that holds the password."""

from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.maven import HOST, deploys, is_packages, own_settings, runs_maven
from collector.workflows.logins.meant import OTHERS, meant, only_packages
from collector.workflows.logins.tools import (
    does,
    has_own,
    held,
    is_job_token,
    may_be_secret,
    spoken,
)
from collector.workflows.terms import Term, plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext

_DEFAULT: Final = "GITHUB_TOKEN"
# The fork takes the same inputs.
_ACTIONS: Final = ("actions/setup-java", "step-security/setup-java")


def find(step: "StepContext") -> Found:
    """Yield a login for each later step that runs Maven with the password's variable."""
    given = step.input("server-id")
    server = "github" if given is None else plain(given)
    password = step.input("server-password", "server-password-env-var")
    variable = _DEFAULT if password is None else plain(password)
    if variable is None and password is not None:
        # The input wants a variable's name; people hand it the token itself.
        if is_packages(step, server or "", password):
            yield step.login("setup-java", host=None, credential=password, default_host=HOST)
        return
    shared = False
    for later in step.job.steps[step.index :]:
        if later is not step and later.uses and later.uses.name in _ACTIONS:
            return  # it writes the settings anew
        if _writes_settings(later):
            return
        value = _value(later, variable or _DEFAULT)
        if value is None or not _reads(later, variable or _DEFAULT, explicit=given is not None):
            continue
        own = has_own(later, variable or _DEFAULT)
        if not own and shared:
            continue  # the job's own variable is told once
        if may_be_secret(value) and _for_packages(later, server, value, explicit=given is not None):
            shared = shared or not own
            yield later.login(
                "setup-java", host=None, credential=value, default_host=HOST, operation=does(later)
            )


def _writes_settings(step: "StepContext") -> bool:
    """Tell whether a script puts its own servers in the place of setup-java's."""
    node = step.script_node
    if node is None or "settings.xml" not in node.text or "<server>" not in node.text:
        return False
    return any(write.path.endswith("settings.xml") for write in step.script.writes)


def _value(step: "StepContext", variable: str) -> Term | None:
    found = held(step, variable)
    if found is None and step.file.kind == "action" and deploys(step):
        return step.variable(variable)  # a composite action's caller sets it
    return found


def _reads(step: "StepContext", variable: str, *, explicit: bool) -> bool:
    """Tell whether a step is one in which Maven reads the variable."""
    if not explicit:
        runs = deploys(step) or (runs_maven(step) and only_packages(step.job))
        return runs and not own_settings(step)
    if runs_maven(step):
        return True
    # A script of the repository may run Maven; GITHUB_TOKEN alone is there for much else.
    return variable != _DEFAULT and has_own(step, variable) and "gradle" not in spoken(step)


def _for_packages(step: "StepContext", server: str | None, value: Term, *, explicit: bool) -> bool:
    if explicit and server is not None:
        return is_packages(step, server, value)
    if explicit:
        return meant(step, HOST)
    # The default server is `github`; another registry's secrets beside it say that it is not used.
    own = step.node.mapping("env")
    names = " ".join(own.values) if own is not None else ""
    other = OTHERS.search(names) or "ossrh" in spoken(step) or "central" in spoken(step)
    return not other and (is_job_token(value) or meant(step, HOST))


FORM = Form(name="setup-java", actions=_ACTIONS, in_step=find)
