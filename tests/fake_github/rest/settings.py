"""Actions settings of the organization and of its repositories, the latter with what they inherit."""

from dataclasses import asdict
from typing import Any, TypeVar

from tests.fake_github import shapes
from tests.fake_github.access import Access
from tests.fake_github.context import Context, Refusal, node_id, not_found
from tests.fake_github.http import Response
from tests.fake_github.model import ActionsSettings, ForkPullRequests, Policy, Repository, iso
from tests.fake_github.organization import Organization
from tests.fake_github.paging import counted
from tests.fake_github.routing import Router

api = Router()
ORG = Access(scopes=("admin:org",), permission="organization_administration", role="owner")
REPO = Access(scopes=("repo",), permission="administration", role="admin")
PERMISSIONS = "/orgs/{org}/actions/permissions"
REPO_PERMISSIONS = "/repos/{owner}/{repo}/actions/permissions"
T = TypeVar("T")


def _owner(ctx: Context) -> Organization:
    found = ctx.world.orgs.get(ctx.repo.owner.lower())
    if found is None:
        raise not_found()
    return found


def _effective(own: T | None, default: T | None) -> T:
    chosen = default if own is None else own
    if chosen is None:
        raise AssertionError("an organization's settings must all be set")
    return chosen


def _enabled(organization: Organization, repository: Repository) -> bool:
    policy = organization.actions.enabled_repositories
    if policy == "none" or (
        policy == "selected" and repository.name not in organization.actions.selected_repositories
    ):
        return False
    return repository.actions.enabled is not False


def _selected_actions(settings: ActionsSettings) -> Response:
    if settings.allowed_actions != "selected":
        raise Refusal(409, "Conflict: allowed actions are not limited to selected ones.")
    return Response.json(
        {
            "github_owned_allowed": True,
            "verified_allowed": False,
            "patterns_allowed": list(settings.patterns_allowed),
        }
    )


@api.get(PERMISSIONS, ORG)
def organization_permissions(ctx: Context) -> Response:
    """Say for which repositories Actions are enabled, and which actions may run."""
    own = ctx.org.actions
    url = f"{ctx.base}/orgs/{ctx.org.login}/actions/permissions"
    body: dict[str, Any] = {
        "enabled_repositories": own.enabled_repositories,
        "allowed_actions": own.allowed_actions,
        "sha_pinning_required": own.sha_pinning_required,
    }
    if own.enabled_repositories == "selected":
        body["selected_repositories_url"] = f"{url}/repositories"
    if own.allowed_actions == "selected":
        body["selected_actions_url"] = f"{url}/selected-actions"
    return Response.json(body)


@api.get(f"{PERMISSIONS}/repositories", ORG)
def organization_selected_repositories(ctx: Context) -> Response:
    """List the repositories for which Actions are enabled, when some are."""
    if ctx.org.actions.enabled_repositories != "selected":
        raise Refusal(409, "Conflict: Actions are not limited to selected repositories.")
    chosen = ctx.org.actions.selected_repositories
    found = [ctx.org.repository(n) for n in chosen if n.lower() in ctx.org.repositories]
    return counted(ctx, "repositories", found, lambda r: shapes.repository_plain(ctx, r))


@api.get(f"{PERMISSIONS}/selected-actions", ORG)
def organization_selected_actions(ctx: Context) -> Response:
    """Say which actions may run, when not all may."""
    return _selected_actions(ctx.org.actions)


@api.get(f"{PERMISSIONS}/workflow", ORG)
def organization_workflow(ctx: Context) -> Response:
    """Give the default permissions of `GITHUB_TOKEN`."""
    return Response.json(_workflow(ctx.org.actions, ctx.org.actions))


@api.get(f"{PERMISSIONS}/fork-pr-contributor-approval", ORG)
def organization_approval(ctx: Context) -> Response:
    """Say whose fork pull requests wait for approval."""
    return Response.json({"approval_policy": ctx.org.actions.approval_policy})


@api.get(f"{PERMISSIONS}/fork-pr-workflows-private-repos", ORG)
def organization_fork_workflows(ctx: Context) -> Response:
    """Say what runs for forks of private repositories."""
    return Response.json(asdict(ctx.org.actions.fork_pull_requests or ForkPullRequests()))


def _workflow(own: ActionsSettings, default: ActionsSettings) -> dict[str, Any]:
    return {
        "default_workflow_permissions": _effective(
            own.default_workflow_permissions, default.default_workflow_permissions
        ),
        "can_approve_pull_request_reviews": _effective(
            own.can_approve_pull_request_reviews, default.can_approve_pull_request_reviews
        ),
    }


@api.get(REPO_PERMISSIONS, REPO)
def repository_permissions(ctx: Context) -> Response:
    """Say whether Actions are enabled here."""
    organization = _owner(ctx)
    own = ctx.repo.actions
    if not _enabled(organization, ctx.repo):
        return Response.json({"enabled": False})
    allowed = _effective(own.allowed_actions, organization.actions.allowed_actions)
    body: dict[str, Any] = {
        "enabled": True,
        "allowed_actions": allowed,
        "sha_pinning_required": _effective(
            own.sha_pinning_required, organization.actions.sha_pinning_required
        ),
    }
    if allowed == "selected":
        url = f"{ctx.base}/repos/{ctx.repo.full_name}/actions/permissions/selected-actions"
        body["selected_actions_url"] = url
    return Response.json(body)


@api.get(f"{REPO_PERMISSIONS}/selected-actions", REPO)
def repository_selected_actions(ctx: Context) -> Response:
    """Say which actions may run here, when not all may."""
    own = ctx.repo.actions
    return _selected_actions(own if own.allowed_actions else _owner(ctx).actions)


@api.get(f"{REPO_PERMISSIONS}/workflow", REPO)
def repository_workflow(ctx: Context) -> Response:
    """Give the effective default permissions of `GITHUB_TOKEN`."""
    return Response.json(_workflow(ctx.repo.actions, _owner(ctx).actions))


@api.get(f"{REPO_PERMISSIONS}/access", REPO)
def repository_access(ctx: Context) -> Response:
    """Say who may use this repository's actions and workflows; this is not package access."""
    if ctx.repo.visibility == "public":
        raise Refusal(422, "Access policy only applies to internal and private repositories.")
    return Response.json({"access_level": ctx.repo.actions.access_level})


@api.get(f"{REPO_PERMISSIONS}/fork-pr-contributor-approval", REPO)
def repository_approval(ctx: Context) -> Response:
    """Say whose fork pull requests wait for approval here."""
    default = _owner(ctx).actions.approval_policy
    policy = _effective(ctx.repo.actions.approval_policy, default)
    return Response.json({"approval_policy": policy})


@api.get(f"{REPO_PERMISSIONS}/fork-pr-workflows-private-repos", REPO)
def repository_fork_workflows(ctx: Context) -> Response:
    """Say what runs for this repository's forks."""
    default = _owner(ctx).actions.fork_pull_requests
    return Response.json(asdict(_effective(ctx.repo.actions.fork_pull_requests, default)))


def _policy(ctx: Context, number: int, policy: Policy, source: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": number,
        "name": policy.name,
        "target": "actions",
        "source_type": policy.source_type,
        "source": source,
        "enforcement": policy.enforcement,
        "node_id": node_id("AP", number),
        "created_at": iso(ctx.repo.created_at if ctx.repository else ctx.org.created_at),
        "updated_at": iso(ctx.repo.created_at if ctx.repository else ctx.org.created_at),
        "rules": [
            {
                "type": "restrict_action_events",
                "parameters": {"allowed_events": list(policy.allowed_events)},
            }
        ],
    }
    if policy.source_type != "Repository":
        names = {"include": list(policy.repositories), "exclude": []}
        body["conditions"] = {"repository_name": names}
    return body


def _enterprise_policies(ctx: Context, organization: Organization) -> list[tuple[Policy, str]]:
    if ctx.query("has_parents", ctx.query("includes_parents", "true")) == "false":
        return []
    found = [p for p in organization.actions.policies if p.source_type == "Enterprise"]
    return [(policy, ctx.world.enterprise or "enterprise") for policy in found]


@api.get("/orgs/{org}/actions/policies", ORG)
def organization_policies(ctx: Context) -> Response:
    """List workflow execution protections, the enterprise's too."""
    own = [p for p in ctx.org.actions.policies if p.source_type == "Organization"]
    found = [(p, ctx.org.login) for p in own] + _enterprise_policies(ctx, ctx.org)
    return _policies(ctx, found)


@api.get("/repos/{owner}/{repo}/actions/policies", REPO)
def repository_policies(ctx: Context) -> Response:
    """List workflow execution protections that hold here."""
    organization = _owner(ctx)
    name = ctx.repo.name
    found = [(p, ctx.repo.full_name) for p in ctx.repo.actions.policies]
    if ctx.query("has_parents", ctx.query("includes_parents", "true")) != "false":
        found += [
            (p, organization.login)
            for p in organization.actions.policies
            if p.source_type == "Organization" and {"~ALL", name} & set(p.repositories)
        ]
    return _policies(ctx, found + _enterprise_policies(ctx, organization))


def _policies(ctx: Context, found: list[tuple[Policy, str]]) -> Response:
    numbered = [(7_001 + at, policy, source) for at, (policy, source) in enumerate(found)]
    return counted(ctx, "policies", numbered, lambda item: _policy(ctx, *item))
