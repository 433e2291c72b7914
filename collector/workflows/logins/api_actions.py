"""Actions that delete package versions through the API, by their table and by their names."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.actions import LoginAction
from collector.workflows.logins.api_calls import API_HOST
from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.docker_login import logins_of
from collector.workflows.references.api_packages import by_inputs
from collector.workflows.terms import Term, plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext


_TOKENS: Final = ("token", "github-token", "github_token", "packages_token", "packages-token")
# owner/name: whether it takes `github.token` where no input is given. Each by its action.yml.
_DELETERS: Final = {
    "actions/delete-package-versions": True,
    "dataaxiom/ghcr-cleanup-action": True,
    "snok/container-retention-policy": False,
    "sondrelg/container-retention-policy": False,
    "lukasz-mitka/container-retention-policy": False,
    "vlaurin/action-ghcr-prune": False,
    "chizkiyahu/delete-untagged-ghcr-action": False,
    "sacundim/delete-untagged-ghcr-action": True,
    "camargo/delete-untagged-action": False,
    "smartsquaregmbh/delete-old-packages": True,
    "bots-house/ghcr-delete-image-action": False,
    "davahome/ghcr-cleanup": False,
    "stumpylog/image-cleaner-action/ephemeral": False,
    "stumpylog/image-cleaner-action/untagged": False,
    "trisnol/delete-untagged-images": False,
    "chipkent/action-cleanup-package": False,
    "nodefactoryio/github-packages-cleanup": True,
    "doodlescheduling/package-retention": True,
    "jenskeiner/ghcr-container-repository-cleanup-action": False,
    "ghcr-manager/ghcr-manager": True,
    "ghcr-manager/ghcr-cleanup-manager": True,
    "gh-workflow/ghcr-manager": True,
    "tweedegolf/cleanup-images-action": True,
    "tweedegolf/cleanup-untagged-images-action": True,
    "quartx-analytics/ghcr-cleaner": False,
    "r26d/ghcr-delete-image-action": False,
    "dylanratcliffe/delete-untagged-containers": False,
}
_ROWS: Final = {
    action: (
        LoginAction(
            action,
            _TOKENS,
            (),
            API_HOST,
            default_token=default,
            registry="api",
            operation="delete",
            source="action.yml",
        ),
    )
    for action, default in _DELETERS.items()
}
# What they are called when no table knows them: what is deleted, and that it is deleted.
_WHAT: Final = re.compile(
    r"ghcr|git-?hub-packages?|gh-packages?|package-versions?|-packages?$|untagged|container-retention"
    r"|container-(?:images?|registry)"
)
_DONE: Final = re.compile(
    r"clean|prun|purg|delet|remov|retention|garbage|(?:^|[-_/])gc(?:$|[-_])|expire"
)
_SECRET_INPUT: Final = re.compile(r"(?:^|[-_])(?:token|pat)$")


def find(step: "StepContext") -> Found:
    """Yield the deletion of an action that the table names."""
    if step.uses is not None:
        yield from logins_of(step, _ROWS.get(step.uses.name, ()))
        yield from by_inputs(step)


def deletes_packages(name: str) -> bool:
    """Tell whether an action's or a tool's name says that it deletes packages."""
    return bool(_WHAT.search(name) and _DONE.search(name))


def guess(step: "StepContext") -> Term | None:
    """Return the token of an action whose name says that it deletes packages."""
    if step.uses is None or step.uses.kind not in ("action", "local"):
        return None
    if not deletes_packages(step.uses.name.partition("/")[2]):
        return None
    for given, term in step.inputs.items():
        if _SECRET_INPUT.search(given) and plain(term) != "":
            return term
    return None


FORM = Form(name="api-actions", actions=tuple(sorted(_ROWS)), in_step=find)
