"""Which GitHub Packages registry a package tool talks to, as far as the job's text tells."""

import re
from typing import TYPE_CHECKING, Final

from collector.workflows.flat import Flat
from collector.workflows.logins.api_calls import spread
from collector.workflows.logins.meant import job_text
from collector.workflows.terms import Access, Literal, Term, Unknown, concat, plain

if TYPE_CHECKING:
    from collector.workflows.job_context import JobContext
    from collector.workflows.step_context import StepContext

_COMMENT: Final = re.compile(r"(?:^|[ \t])#[^\n]*")
_OWNER: Final = re.compile(r"pkg\.github\.com(?::\d+)?/+(?:download/)?@?(?P<owner>[^/\s\"'?]+)")
_WORD: Final = r"https?://{host}[^\s\"'<>),;|]*"


def url_in_job(job: "JobContext", host: str) -> Term | None:
    """Return the first URL at a host that the job's text, or the workflow's `env:`, names."""
    root = job.file.root.mapping("env")
    outer = [job.file.env(name) for name in root.values] if root else []
    texts = [_COMMENT.sub("", job_text(job)), *(plain(term) or "" for term in outer if term)]
    for text in texts:
        whole = re.search(_WORD.format(host=re.escape(host)), text)
        if whole is not None:
            # An expression in it is cut where its first blank is.
            return Literal(whole[0].split("$")[0])
        if host in text:
            return Literal(f"https://{host}")
    return None


def npm_registry(step: "StepContext", given: Term | None) -> Term | None:
    """Return the registry of an npm client: its option, its environment, else its .npmrc."""
    if given is not None:
        return given
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY", "YARN_NPM_REGISTRY_SERVER"):
        found = step.env(name)
        if found is not None:
            return found
    setup = _setup(step)
    url = setup.input("registry-url") if setup is not None else None
    if url is not None and plain(url) != "":
        return url
    return url_in_job(step.job, "npm.pkg.github.com")


def npm_scope(step: "StepContext", given: Term | None) -> Term:
    """Return the scope of what an npm client publishes, without its @."""
    setup = _setup(step)
    scope = given if given is not None else setup.input("scope") if setup is not None else None
    if scope is not None and plain(scope) != "":
        flat = Flat.of(scope)
        return flat.term(flat.text.lstrip("@").rstrip("/"))
    found = re.search(r"@([\w.-]{1,100}):registry", job_text(step.job))
    if found is not None:
        return Literal(found[1])
    # setup-node takes the owner where no scope is given and the registry is GitHub's.
    return Access(("github", "repository_owner"))


def _setup(step: "StepContext") -> "StepContext | None":
    """Return the nearest setup-node before a step that names a registry."""
    for earlier in reversed(step.job.steps[: step.index]):
        name = earlier.uses.name if earlier.uses is not None else ""
        if name == "actions/setup-node" and earlier.input("registry-url") is not None:
            return earlier
    return None


def owned(host: Term, name: Term | None, what: str) -> Term:
    """Return `owner/name` for a registry's URL that has the owner in its path."""
    flat = spread(host)
    match = _OWNER.search(flat.text)
    owner = flat.term(match["owner"]) if match else Unknown("unresolved_expression", "the owner")
    rest = name if name is not None else Unknown("unresolved_expression", what)
    return concat([owner, Literal("/"), rest])
