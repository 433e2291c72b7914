"""Who am I, how much is left, what is this server: `/user`, `/rate_limit`, `/meta`, `/app`."""

import json
from typing import Any

from tests.fake_github import shapes
from tests.fake_github.access import Access, sees
from tests.fake_github.context import Context, Refusal, node_id, not_found
from tests.fake_github.http import Response
from tests.fake_github.model import EPOCH, Installation, iso
from tests.fake_github.paging import counted, listing
from tests.fake_github.rest.organization import installation
from tests.fake_github.routing import Router

api = Router()
TOKEN = Access(scopes=(), permission="metadata", role="anyone")
HOOKS = ["192.30.252.0/22"]


@api.get("/meta")
def meta(ctx: Context) -> Response:
    """Say what this server is; GHES names its version."""
    body: dict[str, Any] = {
        "verifiable_password_authentication": False,
        "hooks": HOOKS,
        "api": HOOKS,
        "packages": ["140.82.121.33/32"],
        "domains": {"website": ["*.github.com"], "packages": ["*.pkg.github.com", "*.ghcr.io"]},
    }
    if ctx.world.edition == "ghes":
        body["installed_version"] = "3.19.2"
    return Response.json(body)


@api.get("/rate_limit")
def rate_limit(ctx: Context) -> Response:
    """Give what is left of each budget; GHES without limits has no such page."""
    if not ctx.limits.enabled:
        raise Refusal(404, "Rate limiting is not enabled.")

    def one(resource: str) -> dict[str, int]:
        budget = ctx.limits.budget(ctx.credential.login, resource)
        return {
            "limit": budget.limit,
            "remaining": max(0, budget.limit - budget.used),
            "reset": int(budget.reset),
            "used": budget.used,
        }

    names = ("core", "search", "code_search", "graphql", "audit_log")
    return Response.json({"resources": {n: one(n) for n in names}, "rate": one("core")})


@api.get("/user")
def user(ctx: Context) -> Response:
    """Say whose token this is; an App has no user."""
    if ctx.credential.kind == "anonymous":
        raise Refusal(401, "Requires authentication")
    if ctx.credential.kind in ("installation", "app"):
        raise Refusal(403, "Resource not accessible by integration")
    login = ctx.credential.login
    body = shapes.user(ctx, login) | {
        "name": login.title(),
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": iso(EPOCH - 100_000_000),
        "updated_at": iso(EPOCH),
    }
    return Response.json(body)


@api.get("/user/memberships/orgs/{org}", Access(("read:org",), None, "member", hidden=True))
def membership(ctx: Context) -> Response:
    """Say which role the person has in an organization; whoever has none gets 404."""
    role = "admin" if ctx.credential.role == "owner" else "member"
    organization = shapes.organization_simple(ctx, ctx.org)
    body = {
        "url": f"{ctx.base}/orgs/{ctx.org.login}/memberships/{ctx.credential.login}",
        "state": "active",
        "role": role,
        "organization_url": organization["url"],
        "organization": organization,
        "user": shapes.user(ctx, ctx.credential.login),
        "direct_membership": True,
        "enterprise_teams_providing_indirect_membership": [],
    }
    return Response.json(body)


@api.get("/installation/repositories", Access(permission="metadata"))
def installation_repositories(ctx: Context) -> Response:
    """List what an installation can see."""
    if ctx.credential.kind != "installation":
        raise Refusal(403, "Resource not accessible by personal access token")
    found = [r for r in ctx.world.repositories() if sees(ctx.credential, r)]
    return counted(ctx, "repositories", found, lambda r: shapes.repository_plain(ctx, r))


def _all_installations(ctx: Context) -> list[Installation]:
    return [one for o in ctx.world.orgs.values() for one in o.installations]


def _as_app(ctx: Context) -> None:
    if ctx.credential.kind != "app":
        raise Refusal(401, "A JSON web token could not be decoded")


@api.get("/app")
def app(ctx: Context) -> Response:
    """Say which App this is."""
    _as_app(ctx)
    first = next(iter(_all_installations(ctx)), None)
    if first is None:
        raise not_found()
    organization = next(iter(ctx.world.orgs.values()))
    return Response.json(
        {
            "id": first.app_id,
            "client_id": f"Iv1.{first.app_id:016x}",
            "slug": first.app_slug,
            "node_id": node_id("A", first.app_id),
            "owner": shapes.owner(ctx, organization.login),
            "name": first.app_slug,
            "description": None,
            "external_url": "https://example.com",
            "html_url": f"{ctx.site}/apps/{first.app_slug}",
            "created_at": iso(organization.created_at),
            "updated_at": iso(organization.created_at),
            "permissions": dict(first.permissions),
            "events": [],
            "installations_count": len(_all_installations(ctx)),
        }
    )


@api.get("/app/installations")
def app_installations(ctx: Context) -> Response:
    """List where the App is installed."""
    _as_app(ctx)
    return listing(ctx, _all_installations(ctx), lambda one: installation(ctx, one))


@api.get("/app/installations/{id}")
def app_installation(ctx: Context) -> Response:
    """Give one installation."""
    _as_app(ctx)
    return Response.json(installation(ctx, _installation(ctx)))


@api.get("/orgs/{org}/installation")
def organization_installation(ctx: Context) -> Response:
    """Find the App's installation on an organization."""
    _as_app(ctx)
    if not ctx.org.installations:
        raise not_found()
    return Response.json(installation(ctx, ctx.org.installations[0]))


def _installation(ctx: Context) -> Installation:
    for one in _all_installations(ctx):
        if str(one.id) == ctx.params["id"]:
            return one
    raise not_found()


@api.post("/app/installations/{id}/access_tokens")
def access_tokens(ctx: Context) -> Response:
    """Make an installation token: the one POST, beside GraphQL, that an inventory sends."""
    _as_app(ctx)
    one = _installation(ctx)
    if one.suspended:
        raise Refusal(403, "This installation has been suspended")
    asked = json.loads(ctx.request.body or b"{}")
    permissions = asked.get("permissions") or dict(one.permissions)
    if not set(permissions) <= set(one.permissions):
        raise Refusal(422, "The permissions requested are not granted to this installation.")
    credential, expires = ctx.vault.issue(one, permissions, now=ctx.limits.now())
    body = {
        "token": credential.token,
        "expires_at": iso(int(expires)),
        "permissions": permissions,
        "repository_selection": "all" if one.repositories is None else "selected",
    }
    return Response.json(body, status=201)
