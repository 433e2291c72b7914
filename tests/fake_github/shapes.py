"""GitHub's objects as JSON: users, organizations, repositories, packages, teams."""

from email.utils import formatdate
from typing import Any
from urllib.parse import quote

from tests.fake_github.access import user_sees
from tests.fake_github.context import Context, node_id
from tests.fake_github.gitdata import Snapshot
from tests.fake_github.model import Package, Repository, Secret, Team, Version, iso
from tests.fake_github.organization import Organization

Json = dict[str, Any]
USER_URLS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
ORGANIZATION_URLS = {
    "repos_url": "/repos",
    "events_url": "/events",
    "hooks_url": "/hooks",
    "issues_url": "/issues",
    "members_url": "/members{/member}",
    "public_members_url": "/public_members{/member}",
}
REPOSITORY_URLS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
ROLES = ("pull", "triage", "push", "maintain", "admin")


def user(ctx: Context, login: str, *, kind: str = "User", number: int | None = None) -> Json:
    """Write a simple user; an organization that owns something has the same shape."""
    made_up = number or 1_000_000 + sum(ord(c) * 31**i for i, c in enumerate(login)) % 900_000
    prefix = "O" if kind == "Organization" else "U"
    url = f"{ctx.base}/users/{login}"
    return {
        "login": login,
        "id": made_up,
        "node_id": node_id(prefix, made_up),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{made_up}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{ctx.site}/{login}",
        **{key: url + suffix for key, suffix in USER_URLS.items()},
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def owner(ctx: Context, login: str) -> Json:
    """Write the owner of a repository or package."""
    organization = ctx.world.orgs.get(login.lower())
    if organization is None:
        return user(ctx, login)
    return user(ctx, organization.login, kind="Organization", number=organization.id)


def organization_simple(ctx: Context, organization: Organization) -> Json:
    """Write an organization as it stands in lists."""
    url = f"{ctx.base}/orgs/{organization.login}"
    return {
        "login": organization.login,
        "id": organization.id,
        "node_id": node_id("O", organization.id),
        "url": url,
        **{key: url + suffix for key, suffix in ORGANIZATION_URLS.items()},
        "avatar_url": f"https://avatars.githubusercontent.com/u/{organization.id}?v=4",
        "description": None,
    }


def repository_head(ctx: Context, repository: Repository) -> Json:
    """Write what every form of a repository has, and nothing else; as a package names it."""
    url = f"{ctx.base}/repos/{repository.full_name}"
    return {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.visibility != "public",
        "owner": owner(ctx, repository.owner),
        "html_url": f"{ctx.site}/{repository.full_name}",
        "description": repository.description,
        "fork": repository.fork,
        "url": url,
        **{key: url + suffix for key, suffix in REPOSITORY_URLS.items()},
    }


def role_on(ctx: Context, repository: Repository) -> str:
    """Give the asking person's role on a repository."""
    if ctx.credential.role == "owner":
        return "admin"
    return repository.collaborators.get(ctx.credential.login, "pull")


def repository_minimal(ctx: Context, repository: Repository) -> Json:
    """Write a repository as it stands in lists."""
    site = f"{ctx.site}/{repository.full_name}"
    rank = ROLES.index(role_on(ctx, repository))
    host = ctx.site.removeprefix("https://")
    return repository_head(ctx, repository) | {
        "git_url": f"git://{host}/{repository.full_name}.git",
        "ssh_url": f"git@{host}:{repository.full_name}.git",
        "clone_url": f"{site}.git",
        "svn_url": site,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "size": 0 if repository.empty else 108,
        "stargazers_count": 0,
        "watchers_count": 0,
        "watchers": 0,
        "forks_count": repository.forks_count,
        "forks": repository.forks_count,
        "open_issues_count": 0,
        "open_issues": 0,
        "default_branch": repository.default_branch,
        "visibility": repository.visibility,
        "archived": repository.archived,
        "disabled": repository.disabled,
        "is_template": False,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "has_pull_requests": True,
        "pull_request_creation_policy": repository.pull_request_creation_policy,
        "allow_forking": repository.allow_forking,
        "web_commit_signoff_required": False,
        "topics": [],
        "license": None,
        "pushed_at": iso(repository.pushed_at),
        "created_at": iso(repository.created_at),
        "updated_at": iso(repository.pushed_at),
        "permissions": {role: ROLES.index(role) <= rank for role in ROLES},
        "custom_properties": dict(repository.properties),
    }


def repository_plain(ctx: Context, repository: Repository) -> Json:
    """Write a repository as the lists with a `total_count` have it: no custom properties."""
    body = repository_minimal(ctx, repository)
    del body["custom_properties"]
    return body


def repository_full(ctx: Context, repository: Repository) -> Json:
    """Write a repository as its own address gives it."""
    organization = ctx.world.orgs.get(repository.owner.lower())
    return repository_minimal(ctx, repository) | {
        "network_count": repository.forks_count,
        "subscribers_count": 1,
        "temp_clone_token": None,
        "allow_rebase_merge": True,
        "allow_squash_merge": True,
        "allow_merge_commit": True,
        "organization": owner(ctx, organization.login) if organization else None,
        "security_and_analysis": {"secret_scanning": {"status": "disabled"}},
    }


def package(ctx: Context, found: Package, *, in_list: bool) -> Json:
    """Write a package; a list may leave `repository` out, and never has a key for nothing."""
    url = f"{ctx.base}/orgs/{found.owner}/packages/{found.type}/{quoted(found.name)}"
    field_says = found.visibility
    if field_says == "internal":
        field_says = ctx.world.switches.internal_field
    body: Json = {
        "id": found.id,
        "name": found.name,
        "package_type": found.type,
        "owner": owner(ctx, found.owner),
        "version_count": sum(not version.deleted for version in found.versions),
        "visibility": field_says,
        "url": url,
        "created_at": iso(found.created_at),
        "updated_at": iso(found.updated_at),
        "html_url": f"{ctx.site}/orgs/{found.owner}/packages/{found.type}/package/{quoted(found.name)}",
    }
    if in_list and not (ctx.world.switches.list_repository and found.in_list_repository):
        return body
    if found.repository is not None and user_sees(ctx.credential, found.repository):
        body["repository"] = repository_head(ctx, found.repository)
    elif not in_list:
        body["repository"] = None
    return body


def version(ctx: Context, found: Package, one: Version) -> Json:
    """Write a version; container and docker versions carry their tags."""
    url = f"{ctx.base}/orgs/{found.owner}/packages/{found.type}/{quoted(found.name)}"
    metadata: Json = {"package_type": found.type}
    if found.type == "container":
        metadata["container"] = {"tags": list(one.tags)}
    elif found.type == "docker":
        metadata["docker"] = {"tag": list(one.tags)}
    site = f"{ctx.site}/orgs/{found.owner}/packages/{found.type}/{quoted(found.name)}"
    body: Json = {
        "id": one.id,
        "name": one.name,
        "url": f"{url}/versions/{one.id}",
        "package_html_url": site,
        "html_url": f"{site}/{one.id}",
        "created_at": iso(one.created_at),
        "updated_at": iso(one.created_at),
        "metadata": metadata,
    }
    if one.deleted:
        body["deleted_at"] = iso(one.created_at + 86_400)
    return body


def quoted(name: str) -> str:
    """Encode a name so that it is one part of a path."""
    return quote(name, safe="")


def team(ctx: Context, found: Team, *, permission: str = "pull") -> Json:
    """Write a team."""
    url = f"{ctx.base}/organizations/1/team/{found.id}"
    return {
        "id": found.id,
        "node_id": node_id("T", found.id),
        "name": found.name,
        "slug": found.slug,
        "description": found.description,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": permission,
        "type": "organization",
        "url": url,
        "html_url": f"{ctx.site}/orgs/teams/{found.slug}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "parent": None,
    }


def secret(one: Secret) -> Json:
    """Write the metadata of a secret; there is no value to write."""
    return {"name": one.name, "created_at": iso(one.created_at), "updated_at": iso(one.updated_at)}


def commit_of(snapshot: Snapshot | None) -> str:
    """Give the commit's id, zeros where nothing was pushed."""
    return snapshot.commit if snapshot else "0" * 40


def http_date(seconds: float) -> str:
    """Write a moment as HTTP headers do."""
    return formatdate(seconds, usegmt=True)
