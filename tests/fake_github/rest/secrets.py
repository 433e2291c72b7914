"""The metadata of secrets and the values of variables, on every level that has them."""

from collections.abc import Callable
from typing import Any

from tests.fake_github import shapes
from tests.fake_github.access import Access
from tests.fake_github.context import Context, Refusal, node_id, not_found
from tests.fake_github.http import Response
from tests.fake_github.model import Secret, iso
from tests.fake_github.paging import counted
from tests.fake_github.routing import Router

api = Router()
Render = Callable[[Secret], dict[str, Any]]


def _org(permission: str) -> Access:
    return Access(scopes=("admin:org",), permission=permission, role="owner")


def _repo(permission: str) -> Access:
    return Access(scopes=("repo",), permission=permission, role="push")


def _for_organization(ctx: Context, path: str) -> Render:
    def render(one: Secret) -> dict[str, Any]:
        body = shapes.secret(one) | {"visibility": one.visibility}
        if one.value:
            body["value"] = one.value
        if one.visibility == "selected":
            url = f"{ctx.base}/orgs/{ctx.org.login}/{path}/{one.name}/repositories"
            body["selected_repositories_url"] = url
        return body

    return render


def _variable(one: Secret) -> dict[str, Any]:
    return shapes.secret(one) | {"value": one.value}


def _selected(ctx: Context, secrets: list[Secret]) -> Response:
    one = next((s for s in secrets if s.name == ctx.params["name"]), None)
    if one is None:
        raise not_found()
    if one.visibility != "selected":
        raise Refusal(409, "Conflict: the visibility is not `selected`.")
    found = [ctx.org.repository(n) for n in one.repositories if n.lower() in ctx.org.repositories]
    return counted(ctx, "repositories", found, lambda r: shapes.repository_minimal(ctx, r))


@api.get("/orgs/{org}/actions/secrets", _org("organization_secrets"))
def organization_secrets(ctx: Context) -> Response:
    """List the organization's Actions secrets."""
    return counted(ctx, "secrets", ctx.org.secrets, _for_organization(ctx, "actions/secrets"))


@api.get("/orgs/{org}/actions/secrets/{name}/repositories", _org("organization_secrets"))
def organization_secret_repositories(ctx: Context) -> Response:
    """List the repositories that a secret is selected for."""
    return _selected(ctx, ctx.org.secrets)


@api.get("/orgs/{org}/actions/variables", _org("organization_actions_variables"))
def organization_variables(ctx: Context) -> Response:
    """List the organization's variables; these pages are of ten."""
    render = _for_organization(ctx, "actions/variables")
    return counted(ctx, "variables", ctx.org.variables, render, default=10, most=30)


@api.get(
    "/orgs/{org}/actions/variables/{name}/repositories", _org("organization_actions_variables")
)
def organization_variable_repositories(ctx: Context) -> Response:
    """List the repositories that a variable is selected for."""
    return _selected(ctx, ctx.org.variables)


@api.get("/orgs/{org}/dependabot/secrets", _org("organization_dependabot_secrets"))
def organization_dependabot_secrets(ctx: Context) -> Response:
    """List the organization's Dependabot secrets."""
    render = _for_organization(ctx, "dependabot/secrets")
    return counted(ctx, "secrets", ctx.org.dependabot_secrets, render)


@api.get(
    "/orgs/{org}/dependabot/secrets/{name}/repositories", _org("organization_dependabot_secrets")
)
def organization_dependabot_secret_repositories(ctx: Context) -> Response:
    """List the repositories that a Dependabot secret is selected for."""
    return _selected(ctx, ctx.org.dependabot_secrets)


@api.get("/repos/{owner}/{repo}/actions/secrets", _repo("secrets"))
def repository_secrets(ctx: Context) -> Response:
    """List a repository's own secrets."""
    return counted(ctx, "secrets", ctx.repo.secrets, shapes.secret)


def _reaching(ctx: Context, kind: str) -> list[Secret]:
    organization = ctx.world.orgs.get(ctx.repo.owner.lower())
    kept: list[Secret] = getattr(organization, kind) if organization else []
    return [s for s in kept if s.reaches(ctx.repo)]


@api.get("/repos/{owner}/{repo}/actions/organization-secrets", _repo("secrets"))
def repository_organization_secrets(ctx: Context) -> Response:
    """List the organization's secrets that reach a repository."""
    return counted(ctx, "secrets", _reaching(ctx, "secrets"), shapes.secret)


@api.get("/repos/{owner}/{repo}/actions/variables", _repo("actions_variables"))
def repository_variables(ctx: Context) -> Response:
    """List a repository's own variables; these pages are of ten."""
    return counted(ctx, "variables", ctx.repo.variables, _variable, default=10, most=30)


@api.get("/repos/{owner}/{repo}/actions/organization-variables", _repo("actions_variables"))
def repository_organization_variables(ctx: Context) -> Response:
    """List the organization's variables that reach a repository."""
    found = _reaching(ctx, "variables")
    return counted(ctx, "variables", found, _variable, default=10, most=30)


@api.get("/repos/{owner}/{repo}/dependabot/secrets", _repo("dependabot_secrets"))
def repository_dependabot_secrets(ctx: Context) -> Response:
    """List a repository's own Dependabot secrets."""
    return counted(ctx, "secrets", ctx.repo.dependabot_secrets, shapes.secret)


@api.get("/repos/{owner}/{repo}/environments", Access(scopes=("repo",), permission="actions"))
def environments(ctx: Context) -> Response:
    """List a repository's environments."""
    url = f"{ctx.base}/repos/{ctx.repo.full_name}/environments"

    def render(item: tuple[int, str]) -> dict[str, Any]:
        number, name = item
        return {
            "id": number,
            "node_id": node_id("EN", number),
            "name": name,
            "url": f"{url}/{shapes.quoted(name)}",
            "html_url": f"{ctx.site}/{ctx.repo.full_name}/deployments",
            "created_at": iso(ctx.repo.created_at),
            "updated_at": iso(ctx.repo.created_at),
            "protection_rules": [],
            "deployment_branch_policy": None,
        }

    numbered = [(ctx.repo.id % 100_000 * 10 + at, n) for at, n in enumerate(ctx.repo.environments)]
    return counted(ctx, "environments", numbered, render)


def _of_environment(ctx: Context, kept: dict[str, list[Secret]]) -> list[Secret]:
    if ctx.params["env"] not in ctx.repo.environments:
        raise not_found()
    return kept.get(ctx.params["env"], [])


@api.get("/repos/{owner}/{repo}/environments/{env}/secrets", _repo("environments"))
def environment_secrets(ctx: Context) -> Response:
    """List an environment's secrets."""
    found = _of_environment(ctx, ctx.repo.environments)
    return counted(ctx, "secrets", found, shapes.secret)


@api.get("/repos/{owner}/{repo}/environments/{env}/variables", _repo("environments"))
def environment_variables(ctx: Context) -> Response:
    """List an environment's variables."""
    found = _of_environment(ctx, ctx.repo.environment_variables)
    return counted(ctx, "variables", found, _variable, default=10, most=30)
