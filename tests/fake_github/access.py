"""Who may see what: scopes, fine permissions, roles, single sign-on, and 404 that hides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fake_github.context import Context, Refusal, not_found

if TYPE_CHECKING:
    from tests.fake_github.credentials import Credential
    from tests.fake_github.model import Package, Repository
    from tests.fake_github.organization import Organization

SSO_MESSAGE = (
    "Resource protected by organization SAML enforcement. You must grant your Personal Access"
    " token access to this organization."
)
CLASSIC_MESSAGE = (
    "`{org}` forbids access via a personal access token (classic). Please use a GitHub App, OAuth"
    " App, or a personal access token with fine-grained permissions."
)
IP_MESSAGE = (
    "Although you appear to have the correct authorization credentials, the `{org}` organization"
    " has an IP allow list enabled, and your IP address is not permitted to access this resource."
)
ADMIN_ROLES = ("admin",)
PUSH_ROLES = ("admin", "maintain", "push")


@dataclass(frozen=True, slots=True)
class Access:
    """What an endpoint asks of a credential.

    Attributes:
        scopes: one of these classic scopes (none: any token will do).
        permission: the fine permission; None where no App and no fine-grained token may ask.
        role: anyone, member or owner of the organization; push or admin on the repository.
        hidden: 404 in place of 403 when the role is missing.
    """

    scopes: tuple[str, ...] = ()
    permission: str | None = "metadata"
    role: str = "anyone"
    hidden: bool = False


ANYONE = Access()


def check_organization(ctx: Context, organization: Organization) -> None:
    """Refuse what the organization refuses as a whole."""
    credential = ctx.credential
    if credential.refused == "ip_allow_list":
        raise Refusal(403, IP_MESSAGE.format(org=organization.login))
    if credential.refused == "classic_forbidden" and credential.kind == "classic":
        raise Refusal(403, CLASSIC_MESSAGE.format(org=organization.login))
    if credential.saml == "required":
        url = f"{ctx.site}/orgs/{organization.login}/sso?authorization_request=A7FAKE"
        raise Refusal(403, SSO_MESSAGE, x_github_sso=f"required; url={url}")


def user_sees(credential: Credential, repository: Repository) -> bool:
    """Tell whether the person, whatever the token's scopes, can see a repository."""
    if repository.visibility == "public":
        return True
    if credential.kind in ("anonymous", "app") or credential.saml is not None:
        return False
    named = credential.repositories is None or repository.name in credential.repositories
    if credential.role == "owner":
        return named
    return named or (credential.role == "member" and repository.visibility == "internal")


def sees(credential: Credential, repository: Repository) -> bool:
    """Tell whether this token can see a repository."""
    if repository.visibility == "public":
        return True
    scoped = credential.is_app or "repo" in credential.all_scopes
    return scoped and user_sees(credential, repository)


def reads_package(credential: Credential, package: Package) -> bool:
    """Tell whether the person can read a package."""
    if package.visibility == "public":
        return True
    if credential.kind == "actions":
        # a run's GITHUB_TOKEN: the connected repository's, as the default is
        names = credential.repositories or frozenset()
        return package.repository is not None and package.repository.name in names
    if credential.saml is not None or credential.role == "outsider":
        return False
    if credential.role == "owner" or package.visibility == "internal":
        return True
    return package.repository is not None and user_sees(credential, package.repository)


def check(ctx: Context, access: Access) -> None:
    """Refuse unless scope, permission and role suffice."""
    credential = ctx.credential
    if credential.kind == "anonymous":
        if access != ANYONE:
            raise Refusal(401, "Requires authentication")
        return
    if credential.is_app:
        _check_permission(credential, access)
    elif access.scopes and not credential.all_scopes & set(access.scopes):
        raise Refusal(
            403,
            f"Must have one of these scopes: {', '.join(access.scopes)}",
            x_accepted_oauth_scopes=", ".join(access.scopes),
        )
    if not _has_role(ctx, access.role):
        if access.hidden:
            raise not_found()
        raise Refusal(
            403,
            "Must have admin rights to Repository."
            if ctx.repository is not None
            else "You must be an organization owner.",
        )


def _check_permission(credential: Credential, access: Access) -> None:
    word = "integration" if credential.kind == "installation" else "personal access token"
    if access.permission is None:
        raise Refusal(403, f"Resource not accessible by {word}")
    if access.permission != "metadata" and access.permission not in credential.permissions:
        raise Refusal(
            403,
            f"Resource not accessible by {word}",
            x_accepted_github_permissions=f"{access.permission}=read",
        )


def _has_role(ctx: Context, role: str) -> bool:
    credential = ctx.credential
    if role == "anyone" or credential.role == "owner" or credential.is_app:
        return True
    if role in ("push", "admin"):
        granted = ctx.repo.collaborators.get(credential.login, "pull")
        return granted in (PUSH_ROLES if role == "push" else ADMIN_ROLES)
    return role == "member" and credential.role == "member"
