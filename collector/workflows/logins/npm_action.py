"""Actions that publish to an npm registry, or write an .npmrc for one, with a token of theirs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.tools import may_be_secret
from collector.workflows.terms import plain

if TYPE_CHECKING:
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term


@dataclass(frozen=True, slots=True)
class NpmAction:
    """One action.

    Attributes:
        token: inputs that hold the token; where none is given, `env` names its variables.
        registry: inputs that hold the registry; where none is given, `registry_env`.
        default: the registry when none is named; empty: npm's own, so no login to GitHub.
    """

    token: tuple[str, ...] = ()
    registry: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    registry_env: tuple[str, ...] = ()
    default: str = ""


_GITHUB: Final = "npm.pkg.github.com"
# Each by its README.
_ACTIONS: Final = {
    "js-devtools/npm-publish": NpmAction(("token",), ("registry",), ("INPUT_TOKEN",)),
    # Writes `//npm.pkg.github.com/:_authToken=$AUTH_TOKEN` unless another registry is given.
    "ferluisxd/create-npmrc": NpmAction(
        ("auth_token", "token"), ("registry", "registry_url"), ("AUTH_TOKEN",), (), _GITHUB
    ),
    "eventonehq/publish-gpr-action": NpmAction(("token",), (), ("GITHUB_TOKEN",), (), _GITHUB),
    "theultdev/gpr-npm-publish": NpmAction(("token",), (), ("GITHUB_TOKEN",), (), _GITHUB),
    "actions/npm": NpmAction((), (), ("NPM_AUTH_TOKEN",), ("NPM_REGISTRY_URL",)),
    "borales/actions-yarn": NpmAction(
        ("auth-token",), ("registry-url",), ("NPM_AUTH_TOKEN", "NODE_AUTH_TOKEN"),
        ("NPM_REGISTRY_URL",),
    ),
    "github-actions-community/merge-release": NpmAction(
        (), (), ("NPM_AUTH_TOKEN",), ("NPM_REGISTRY_URL",)
    ),
    "mikeal/merge-release": NpmAction((), (), ("NPM_AUTH_TOKEN",), ("NPM_REGISTRY_URL",)),
    "dkershner6/use-npm-token-action": NpmAction(("token",), ("registry", "registry-url")),
    "pascalgn/npm-publish-action": NpmAction(
        (), (), ("NPM_AUTH_TOKEN",), ("NPM_REGISTRY_URL", "NPM_CONFIG_REGISTRY")
    ),
    "tanem/npm-publish-action": NpmAction(("token",), ("registry",)),
    "cycjimmy/semantic-release-action": NpmAction(
        (), (), ("NPM_TOKEN", "NODE_AUTH_TOKEN"), ("NPM_CONFIG_REGISTRY", "npm_config_registry")
    ),
    "codfish/semantic-release-action": NpmAction(
        (), (), ("NPM_TOKEN", "NODE_AUTH_TOKEN"), ("NPM_CONFIG_REGISTRY", "npm_config_registry")
    ),
    "changesets/action": NpmAction(
        (), (), ("NPM_TOKEN", "NODE_AUTH_TOKEN"), ("NPM_CONFIG_REGISTRY", "npm_config_registry")
    ),
}  # fmt: skip


def find(step: "StepContext") -> Found:
    """Yield the login of an action of the table."""
    row = _ACTIONS.get(step.uses.name) if step.uses else None
    if row is None:
        return
    credential = _given(step, row.token) or _variable(step, row.env)
    registry = _given(step, row.registry) or _variable(step, row.registry_env)
    if credential is None or not may_be_secret(credential):
        return
    if registry is None and not row.default:
        return
    name = step.uses.name if step.uses else ""
    yield step.login(name, host=registry, credential=credential, default_host=row.default)


def _given(step: "StepContext", names: tuple[str, ...]) -> "Term | None":
    found = step.input(*names) if names else None
    return None if found is None or plain(found) == "" else found


def _variable(step: "StepContext", names: tuple[str, ...]) -> "Term | None":
    return next((value for name in names if (value := step.env(name)) is not None), None)


FORM = Form(name="npm-action", actions=tuple(sorted(_ACTIONS)), in_step=find)
