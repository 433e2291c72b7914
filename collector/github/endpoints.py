"""The catalogue of endpoint families: where each lies, how it pages, and who may read it.

Paths: https://docs.github.com/en/rest?apiVersion=2022-11-28
Permissions of Apps: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from collector.github.editions import EditionKind
from collector.github.protocol import JSON, RAW


class Role(StrEnum):
    """Which of a run's credentials asks."""

    PACKAGES = "packages"
    # Open to classic tokens only: Apps and fine-grained tokens are refused.
    GENERAL = "general"


class Paging(StrEnum):
    """How a list ends."""

    NONE = "none"
    UNTIL_EMPTY = "until_empty"
    LINK_OR_SHORT = "link_or_short"
    CURSOR = "cursor"
    # The next page is known only by its link.


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint family."""

    family: str
    # As coverage names it.
    path: str
    # A template for `protocol.path`.
    scope: str
    # The scope that a classic token needs; other scopes may include it.
    permission: str = ""
    # What an App needs; empty: no permission opens it.
    role: Role = Role.GENERAL
    paging: Paging = Paging.NONE
    key: str | None = None
    # Where the items stand, when the answer is an object.
    per_page: int = 100
    accept: str = JSON
    missing_on: frozenset[EditionKind] = frozenset()
    # Editions that have no such endpoint, or not in every supported version.

    def exists_on(self, kind: EditionKind) -> bool:
        """Tell whether an edition surely has it."""
        return kind not in self.missing_on


_GHES = frozenset({EditionKind.GHES})
# What needs Enterprise Cloud: whether an organization on github.com has it, its plan tells.
_NO_ENTERPRISE = frozenset({EditionKind.GITHUB_COM})
_ORG_ACTIONS = "/orgs/{org}/actions/permissions"
_REPO_ACTIONS = "/repos/{owner}/{repo}/actions/permissions"
_ORG_ADMINISTRATION = "organization administration: read"
_REPO_ADMINISTRATION = "administration: read"


def _list(
    family: str,
    path: str,
    *,
    scope: str,
    permission: str,
    key: str | None = None,
    per_page: int = 100,
    missing_on: frozenset[EditionKind] = frozenset(),
) -> Endpoint:
    return Endpoint(
        family,
        path,
        scope,
        permission,
        paging=Paging.LINK_OR_SHORT,
        key=key,
        per_page=per_page,
        missing_on=missing_on,
    )


PACKAGES: Final = Endpoint(
    "packages",
    "/orgs/{org}/packages",
    "read:packages",
    role=Role.PACKAGES,
    paging=Paging.UNTIL_EMPTY,
)
PACKAGE_DETAILS: Final = Endpoint(
    "package_details",
    "/orgs/{org}/packages/{package_type}/{package_name}",
    "read:packages",
    role=Role.PACKAGES,
)
PACKAGE_VERSIONS: Final = Endpoint(
    "package_versions",
    "/orgs/{org}/packages/{package_type}/{package_name}/versions",
    "read:packages",
    role=Role.PACKAGES,
    paging=Paging.UNTIL_EMPTY,
)
ORGANIZATION: Final = Endpoint(
    "organization", "/orgs/{org}", "admin:org", f"metadata: read, {_ORG_ADMINISTRATION}"
)
REPOSITORIES: Final = _list(
    "repositories", "/orgs/{org}/repos", scope="repo", permission="metadata: read"
)
REPOSITORY: Final = Endpoint("repository", "/repos/{owner}/{repo}", "repo", "metadata: read")
WORKFLOW_TREES: Final = Endpoint(
    "workflow_trees", "/repos/{owner}/{repo}/git/trees/{ref}", "repo", "contents: read"
)
BLOBS: Final = Endpoint(
    "blobs", "/repos/{owner}/{repo}/git/blobs/{sha}", "repo", "contents: read", accept=RAW
)

ORG_ACTIONS_PERMISSIONS: Final = Endpoint(
    "org_actions_permissions", _ORG_ACTIONS, "admin:org", _ORG_ADMINISTRATION
)
ORG_ACTIONS_ENABLED_REPOSITORIES: Final = _list(
    "org_actions_enabled_repositories",
    f"{_ORG_ACTIONS}/repositories",
    scope="admin:org",
    permission=_ORG_ADMINISTRATION,
    key="repositories",
)
ORG_WORKFLOW_PERMISSIONS: Final = Endpoint(
    "org_workflow_permissions", f"{_ORG_ACTIONS}/workflow", "admin:org", _ORG_ADMINISTRATION
)
ORG_FORK_APPROVAL: Final = Endpoint(
    "org_fork_approval",
    f"{_ORG_ACTIONS}/fork-pr-contributor-approval",
    "admin:org",
    _ORG_ADMINISTRATION,
    missing_on=_GHES,
)
ORG_FORK_PRIVATE: Final = Endpoint(
    "org_fork_private",
    f"{_ORG_ACTIONS}/fork-pr-workflows-private-repos",
    "admin:org",
    _ORG_ADMINISTRATION,
    missing_on=_GHES,
)
ORG_ACTIONS_POLICIES: Final = _list(
    "org_actions_policies",
    "/orgs/{org}/actions/policies",
    scope="admin:org",
    permission=_ORG_ADMINISTRATION,
    key="policies",
    missing_on=_GHES,
)
REPO_ACTIONS_PERMISSIONS: Final = Endpoint(
    "repo_actions_permissions", _REPO_ACTIONS, "repo", _REPO_ADMINISTRATION
)
REPO_WORKFLOW_PERMISSIONS: Final = Endpoint(
    "repo_workflow_permissions", f"{_REPO_ACTIONS}/workflow", "repo", _REPO_ADMINISTRATION
)
REPO_FORK_APPROVAL: Final = Endpoint(
    "repo_fork_approval",
    f"{_REPO_ACTIONS}/fork-pr-contributor-approval",
    "repo",
    _REPO_ADMINISTRATION,
    missing_on=_GHES,
)
REPO_FORK_PRIVATE: Final = Endpoint(
    "repo_fork_private",
    f"{_REPO_ACTIONS}/fork-pr-workflows-private-repos",
    "repo",
    _REPO_ADMINISTRATION,
    missing_on=_GHES,
)
REPO_ACTIONS_POLICIES: Final = _list(
    "repo_actions_policies",
    "/repos/{owner}/{repo}/actions/policies",
    scope="repo",
    permission=_REPO_ADMINISTRATION,
    key="policies",
    missing_on=_GHES,
)

ORG_SECRETS: Final = _list(
    "org_secrets",
    "/orgs/{org}/actions/secrets",
    scope="admin:org",
    permission="organization secrets: read",
    key="secrets",
)
ORG_SECRET_REPOSITORIES: Final = _list(
    "org_secret_repositories",
    "/orgs/{org}/actions/secrets/{secret_name}/repositories",
    scope="admin:org",
    permission="organization secrets: read",
    key="repositories",
)
ORG_DEPENDABOT_SECRETS: Final = _list(
    "org_dependabot_secrets",
    "/orgs/{org}/dependabot/secrets",
    scope="admin:org",
    permission="organization dependabot secrets: read",
    key="secrets",
)
ORG_DEPENDABOT_SECRET_REPOSITORIES: Final = _list(
    "org_dependabot_secret_repositories",
    "/orgs/{org}/dependabot/secrets/{secret_name}/repositories",
    scope="admin:org",
    permission="organization dependabot secrets: read",
    key="repositories",
)
# GitHub gives at most thirty variables a page, whatever it is asked for.
ORG_VARIABLES: Final = _list(
    "org_variables",
    "/orgs/{org}/actions/variables",
    scope="admin:org",
    permission="organization variables: read",
    key="variables",
    per_page=30,
)
REPO_SECRETS: Final = _list(
    "repo_secrets",
    "/repos/{owner}/{repo}/actions/secrets",
    scope="repo",
    permission="secrets: read",
    key="secrets",
)
REPO_ORGANIZATION_SECRETS: Final = _list(
    "repo_organization_secrets",
    "/repos/{owner}/{repo}/actions/organization-secrets",
    scope="repo",
    permission="secrets: read",
    key="secrets",
)
REPO_VARIABLES: Final = _list(
    "repo_variables",
    "/repos/{owner}/{repo}/actions/variables",
    scope="repo",
    permission="variables: read",
    key="variables",
    per_page=30,
)
REPO_DEPENDABOT_SECRETS: Final = _list(
    "repo_dependabot_secrets",
    "/repos/{owner}/{repo}/dependabot/secrets",
    scope="repo",
    permission="dependabot secrets: read",
    key="secrets",
)
REPO_ENVIRONMENTS: Final = _list(
    "repo_environments",
    "/repos/{owner}/{repo}/environments",
    scope="repo",
    permission="actions: read",
    key="environments",
)
ENVIRONMENT_SECRETS: Final = _list(
    "environment_secrets",
    "/repos/{owner}/{repo}/environments/{environment_name}/secrets",
    scope="repo",
    permission="environments: read",
    key="secrets",
)
ENVIRONMENT_VARIABLES: Final = _list(
    "environment_variables",
    "/repos/{owner}/{repo}/environments/{environment_name}/variables",
    scope="repo",
    permission="environments: read",
    key="variables",
    per_page=30,
)

CUSTOM_PROPERTIES: Final = _list(
    "custom_properties",
    "/orgs/{org}/properties/values",
    scope="read:org",
    permission="custom properties: read",
)
TEAMS: Final = _list("teams", "/orgs/{org}/teams", scope="read:org", permission="members: read")
TEAM_REPOSITORIES: Final = _list(
    "team_repositories",
    "/orgs/{org}/teams/{team_slug}/repos",
    scope="read:org",
    permission="members: read",
)

AUDIT_LOG: Final = Endpoint(
    "audit_log",
    "/orgs/{org}/audit-log",
    "read:audit_log",
    _ORG_ADMINISTRATION,
    paging=Paging.CURSOR,
    missing_on=_NO_ENTERPRISE,
)
CREDENTIAL_AUTHORIZATIONS: Final = _list(
    "credential_authorizations",
    "/orgs/{org}/credential-authorizations",
    scope="read:org",
    permission=_ORG_ADMINISTRATION,
    missing_on=_NO_ENTERPRISE | _GHES,
)
ATTESTATIONS: Final = Endpoint(
    "attestations",
    "/orgs/{org}/attestations/{subject_digest}",
    "repo",
    "attestations: read",
    key="attestations",
    missing_on=_GHES,
)
WORKFLOW_RUNS: Final = Endpoint(
    "workflow_runs",
    "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
    "repo",
    "actions: read",
    key="workflow_runs",
)


def _catalogue() -> Mapping[str, Endpoint]:
    own = [value for value in globals().values() if isinstance(value, Endpoint)]
    return MappingProxyType({endpoint.family: endpoint for endpoint in own})


CATALOGUE: Final = _catalogue()
"""Every family, by its name, in the order of this file."""
