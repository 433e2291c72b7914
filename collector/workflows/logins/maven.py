"""What Maven's forms share: which steps run Maven, and whose registry a server's id stands for."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.meant import (
    OTHERS,
    meant,
    named_for_packages,
    secret_for_packages,
)
from collector.workflows.logins.tools import is_job_token, spoken

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

HOST: Final = "maven.pkg.github.com"
_MAVEN: Final = re.compile(r"(?:^|[\s/\\.\"'(&;|])(?:mvnw?|mvnd)(?:\.cmd)?(?=[\s\"'\\]|$)")
_DEPLOY: Final = re.compile(
    r"\bdeploy\b|release:perform|-daltdeploymentrepository|-daltreleasedeploymentrepository"
)
_OWN_SETTINGS: Final = re.compile(r"(?:^|\s)(?:-s|--settings|-gs|--global-settings)[\s=]+(\S+)")


def runs_maven(step: "StepContext") -> bool:
    """Tell whether a step's script, or its action, runs Maven."""
    if step.uses is not None and "maven" in step.uses.name:
        return True
    return bool(_MAVEN.search(spoken(step)))


def deploys(step: "StepContext") -> bool:
    """Tell whether a step runs Maven to deploy."""
    return runs_maven(step) and bool(_DEPLOY.search(spoken(step)))


def own_settings(step: "StepContext") -> bool:
    """Tell whether a step hands Maven a settings file of its own."""
    return _OWN_SETTINGS.search(spoken(step)) is not None


def is_packages(step: "StepContext", server: str, credential: "Term") -> bool:
    """Tell whether a server's id stands for GitHub Packages, where no address is told."""
    if named_for_packages(server):
        return True
    if OTHERS.search(server[:200]):
        return False
    if is_job_token(credential) or secret_for_packages(credential):
        return True
    return meant(step, HOST) and not OTHERS.search(step.name)
