"""npm with a token for an .npmrc that lies in the repository: what is meant, names and rights say."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.logins.base import Form, Found
from collector.workflows.logins.meant import job_text, meant, only_packages, secret_for_packages
from collector.workflows.logins.tools import does, has_own, held, is_job_token, spoken

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext
    from collector.workflows.terms import Term

_HOST: Final = "npm.pkg.github.com"
_TOKENS: Final = ("NODE_AUTH_TOKEN", "NPM_TOKEN", "NPM_AUTH_TOKEN", "YARN_NPM_AUTH_TOKEN")
# Where the job itself names a registry, that form tells its logins.
_TOLD: Final = re.compile(
    r"registry[-_]url|[:-]registry[= ]|set registry|npm_config_registry|npm_registry|npmregistry|:_auth"
)
_NPM: Final = re.compile(r"\b(?:npm|pnpm|yarn|bun|lerna)\b")
_INSTALLS: Final = re.compile(
    r"\b(?:npm|pnpm|bun) +(?:ci|i|install|add)\b|\byarn(?: +(?:install|add)\b| +--|[ \t]*$)",
    re.MULTILINE,
)


def find(job: "JobContext") -> Found:
    """Yield a login for each step with a token that is meant for GitHub's npm registry."""
    if _TOLD.search(job_text(job)):
        return
    told = False
    for step in job.steps:
        if step.script_node is None or not _NPM.search(spoken(step)):
            continue
        own = has_own(step, *_TOKENS)
        token = held(step, *_TOKENS) if own or not told else None
        if token is None:
            token = _jobs_token(step)
        elif not _for_packages(step, token):
            continue
        if token is not None:
            told = told or not own
            yield step.login(
                "npm env", host=None, credential=token, default_host=_HOST, operation=does(step)
            )


def _for_packages(step: "StepContext", token: "Term") -> bool:
    if secret_for_packages(token):
        return True
    return is_job_token(token) and meant(step, _HOST)


def _jobs_token(step: "StepContext") -> "Term | None":
    """Return GITHUB_TOKEN where a step that only installs has it, in a job that reads packages."""
    value = held(step, "GITHUB_TOKEN") if has_own(step, "GITHUB_TOKEN") else None
    installs = _INSTALLS.search(spoken(step)) and "publish" not in spoken(step)
    if value is None or not installs or not only_packages(step.job):
        return None
    return value if is_job_token(value) else None


FORM = Form(
    name="npm-implied",
    job_words=("node_auth_token", "npm_token", "npm_auth_token", "packages:"),
    also_words=("npm", "yarn", "bun ", "lerna"),
    in_job=find,
)
