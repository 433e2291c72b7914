"""The organization, its repositories, forks, teams and people."""

from collections import Counter
from collections.abc import Callable

from tests.fake_github import shapes
from tests.fake_github.access import Access, sees
from tests.fake_github.context import Context, not_found
from tests.fake_github.http import Response
from tests.fake_github.model import Repository, iso
from tests.fake_github.paging import listing
from tests.fake_github.routing import Router

api = Router()
MEMBERS = Access(scopes=("read:org",), permission="members", role="member")


@api.get("/orgs/{org}")
def get_organization(ctx: Context) -> Response:
    """Give the organization; its settings only to an owner with admin:org."""
    org = ctx.org
    count = Counter(r.visibility == "public" for r in org.repositories.values())
    body = shapes.organization_simple(ctx, org) | {
        "name": org.login.title(),
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "is_verified": False,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": count[True],
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{ctx.site}/{org.login}",
        "type": "Organization",
        "created_at": iso(org.created_at),
        "updated_at": iso(org.created_at),
        "archived_at": None,
    }
    credential = ctx.credential
    entitled = (
        "organization_administration" in credential.permissions
        if credential.is_app
        else "admin:org" in credential.all_scopes
    )
    if credential.role == "owner" and entitled and credential.saml is None:
        body |= {
            "total_private_repos": count[False],
            "owned_private_repos": count[False],
            "default_repository_permission": org.default_repository_permission,
            "members_can_create_repositories": True,
            "members_can_create_public_repositories": True,
            "members_can_create_private_repositories": True,
            "members_can_create_internal_repositories": ctx.world.enterprise is not None,
            "members_can_fork_private_repositories": False,
            "members_can_change_repo_visibility": True,
            "members_can_delete_repositories": False,
            "two_factor_requirement_enabled": True,
            "billing_email": f"billing@{org.login}.example",
            "plan": {
                "name": org.plan,
                "space": 976_562_499,
                "private_repos": 9999,
                "filled_seats": len(org.members),
                "seats": len(org.members) + 5,
            },
        }
    return Response.json(body)


TYPES: dict[str, Callable[[Repository], bool]] = {
    "all": lambda r: True,
    "member": lambda r: True,
    "public": lambda r: r.visibility == "public",
    "private": lambda r: r.visibility != "public",
    "internal": lambda r: r.visibility == "internal",
    "forks": lambda r: r.fork,
    "sources": lambda r: not r.fork,
}


@api.get("/orgs/{org}/repos")
def list_repositories(ctx: Context) -> Response:
    """List the repositories that this token can see."""
    wanted = TYPES.get(ctx.query("type", "all"), TYPES["all"])
    found = [
        r for r in list(ctx.org.repositories.values()) if sees(ctx.credential, r) and wanted(r)
    ]
    sort = ctx.query("sort", "created")
    if sort == "full_name":
        found.sort(key=lambda r: r.full_name.lower())
    elif sort in ("pushed", "updated"):
        found.sort(key=lambda r: r.pushed_at, reverse=ctx.query("direction", "desc") != "asc")
    else:
        found.sort(key=lambda r: r.id, reverse=ctx.query("direction", "desc") != "asc")
    return listing(ctx, found, lambda r: shapes.repository_minimal(ctx, r))


@api.get("/repos/{owner}/{repo}")
def get_repository(ctx: Context) -> Response:
    """Give one repository."""
    response = Response.json(shapes.repository_full(ctx, ctx.repo))
    response.headers["last-modified"] = shapes.http_date(ctx.repo.pushed_at)
    return response


@api.get("/repos/{owner}/{repo}/forks")
def list_forks(ctx: Context) -> Response:
    """List forks: those of this world, then as many strangers' as are counted."""
    return listing(ctx, _forks(ctx), lambda r: shapes.repository_minimal(ctx, r))


def _forks(ctx: Context) -> list[Repository]:
    parent = ctx.repo
    made = list(parent.forks)
    for n in range(len(made), parent.forks_count):
        stranger = Repository(
            parent.id * 100 + n, f"stranger-{n + 1}", parent.name, "public", fork=True
        )
        made.append(stranger)
    return made


@api.get("/repos/{owner}/{repo}/teams", Access(scopes=("repo",), role="push"))
def list_repository_teams(ctx: Context) -> Response:
    """List the teams with a role on a repository."""
    name = ctx.repo.name
    organization = ctx.world.orgs.get(ctx.repo.owner.lower())
    teams = organization.teams if organization else []
    found = [t for t in teams if name in t.repositories]
    return listing(ctx, found, lambda t: shapes.team(ctx, t, permission=t.repositories[name]))


@api.get("/repos/{owner}/{repo}/collaborators", Access(scopes=("repo",), role="push"))
def list_collaborators(ctx: Context) -> Response:
    """List people with a role on a repository, owners of the organization among them."""
    organization = ctx.world.orgs.get(ctx.repo.owner.lower())
    roles = dict(ctx.repo.collaborators)
    wanted = ctx.query("affiliation", "all")
    members = organization.members if organization else {}
    if wanted == "outside":
        roles = {login: role for login, role in roles.items() if login not in members}
    elif wanted == "all":
        roles |= {login: "admin" for login, role in members.items() if role == "admin"}
    names = {"pull": "read", "push": "write"}
    rank = shapes.ROLES.index

    def render(item: tuple[str, str]) -> shapes.Json:
        login, role = item
        permissions = {other: rank(other) <= rank(role) for other in shapes.ROLES}
        return shapes.user(ctx, login) | {
            "permissions": permissions,
            "role_name": names.get(role, role),
        }

    return listing(ctx, sorted(roles.items()), render)


@api.get("/orgs/{org}/teams", MEMBERS)
def list_teams(ctx: Context) -> Response:
    """List teams."""
    return listing(ctx, ctx.org.teams, lambda t: shapes.team(ctx, t))


@api.get("/orgs/{org}/teams/{slug}/repos", MEMBERS)
def list_team_repositories(ctx: Context) -> Response:
    """List a team's repositories, with its role on each."""
    team = next((t for t in ctx.org.teams if t.slug == ctx.params["slug"]), None)
    if team is None:
        raise not_found()
    rank = shapes.ROLES.index
    found = [
        ctx.org.repository(name)
        for name in team.repositories
        if name.lower() in ctx.org.repositories and sees(ctx.credential, ctx.org.repository(name))
    ]

    def render(repository: Repository) -> shapes.Json:
        role = team.repositories[repository.name]
        return shapes.repository_minimal(ctx, repository) | {
            "role_name": role,
            "permissions": {other: rank(other) <= rank(role) for other in shapes.ROLES},
        }

    return listing(ctx, found, render)


@api.get("/orgs/{org}/teams/{slug}/members", MEMBERS)
def list_team_members(ctx: Context) -> Response:
    """List a team's members."""
    team = next((t for t in ctx.org.teams if t.slug == ctx.params["slug"]), None)
    if team is None:
        raise not_found()
    return listing(ctx, team.members, lambda login: shapes.user(ctx, login))


@api.get("/orgs/{org}/members", MEMBERS)
def list_members(ctx: Context) -> Response:
    """List members, all or those of one role."""
    wanted = ctx.query("role", "all")
    found = [m for m, role in ctx.org.members.items() if wanted in ("all", role)]
    return listing(ctx, found, lambda login: shapes.user(ctx, login))


@api.get("/orgs/{org}/outside_collaborators", MEMBERS)
def list_outside_collaborators(ctx: Context) -> Response:
    """List people who have a role on some repository and are no members."""
    people = {
        login
        for repository in ctx.org.repositories.values()
        for login in repository.collaborators
        if login not in ctx.org.members
    }
    return listing(ctx, sorted(people), lambda login: shapes.user(ctx, login))
