"""Models of GitHub's answers as rows of the stage's tables; who vouches for a row is added later."""

import json
from collections.abc import Mapping
from typing import Any

from collector.github.actions import (
    ActionsPolicy,
    ActionsSettings,
    ForkApproval,
    ForkPrivateSettings,
    Secret,
    Variable,
    WorkflowPermissions,
)
from collector.github.models import Organization, Package, PackageVersion, Repository
from collector.github.ownership import CustomPropertyValue, Team
from collector.walk.files import FoundFile
from collector.walk.treequery import TreeReading

Row = Mapping[str, Any]

PACKAGE_COLUMNS = (
    "package_id",
    "package_type",
    "name",
    "owner",
    "visibility",
    "reported_visibility",
    "listed_repository",
    "repository_id",
    "repository_full_name",
    "html_url",
    "created_at",
    "updated_at",
    "version_count",
)
FILE_COLUMNS = (
    "repository_id",
    "path",
    "kind",
    "blob_sha",
    "mode",
    "size",
    "status",
    "reason",
)
# repository_id of what belongs to the organization itself.
ORGANIZATION_ROW = 0


def package(item: Package, *, visibility: str) -> Row:
    """Row of `package`."""
    return {
        "package_id": item.id,
        "package_type": item.package_type,
        "name": item.name,
        "owner": item.owner,
        "visibility": visibility,
        "reported_visibility": item.visibility,
        "listed_repository": _listed(item),
        "repository_id": item.repository_id,
        "repository_full_name": item.repository_full_name,
        "html_url": item.html_url,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "version_count": item.version_count,
    }


def package_connection(item: Package) -> Row:
    """Row of `package_connection`."""
    return {
        "package_id": item.id,
        "repository_id": item.repository_id,
        "repository_full_name": item.repository_full_name,
    }


def package_version(item: PackageVersion, *, package_id: int) -> Row:
    """Row of `package_version`."""
    return {
        "package_id": package_id,
        "version_id": item.id,
        "name": item.name,
        "tags": list(item.tags),
        "created_at": item.created_at,
        "updated_at": item.updated_at,
    }


def organization(item: Organization) -> Row:
    """Row of `organization`."""
    return {
        "organization_id": item.id,
        "login": item.login,
        "name": item.name,
        "plan": item.plan,
        "public_repos": item.public_repos,
        "total_private_repos": item.total_private_repos,
        "default_repository_permission": item.default_repository_permission,
        "members_can_create_public_repositories": item.members_can_create_public_repositories,
        "members_can_fork_private_repositories": item.members_can_fork_private_repositories,
        "two_factor_requirement_enabled": item.two_factor_requirement_enabled,
    }


def repository(item: Repository) -> Row:
    """Row of `repository`."""
    return {
        "repository_id": item.id,
        "full_name": item.full_name,
        "name": item.name,
        # What says nothing about itself is not called public.
        "visibility": item.visibility or "private",
        "fork": bool(item.fork),
        "archived": item.archived,
        "disabled": item.disabled,
        "default_branch": item.default_branch,
        "allow_forking": item.allow_forking,
        "pull_request_creation_policy": item.pull_request_creation_policy,
        "html_url": item.html_url,
        "created_at": item.created_at,
        "pushed_at": item.pushed_at,
        "forks_count": item.forks_count,
        "size": item.size,
    }


def repository_property(item: CustomPropertyValue) -> Row:
    """Row of `repository_property`; several values are joined as JSON."""
    single = len(item.values) <= 1
    value = (item.values[0] if item.values else None) if single else json.dumps(list(item.values))
    return {
        "repository_id": item.repository_id,
        "property_name": item.property_name,
        "value": value,
    }


def team(item: Team) -> Row:
    """Row of `team`."""
    return {
        "team_id": item.id,
        "slug": item.slug,
        "name": item.name,
        "privacy": item.privacy,
        "parent_slug": item.parent,
    }


def repository_tree(
    reading: TreeReading, *, repository_id: int, default_branch: str | None, pushed_at: Any
) -> Row:
    """Row of `repository_tree`."""
    return {
        "repository_id": repository_id,
        "default_branch": default_branch,
        "github_tree_oid": reading.github_oid,
        "root_tree_oid": reading.root_oid,
        "pushed_at": pushed_at,
    }


def workflow_file(item: FoundFile, *, repository_id: int, failed: str = "") -> Row:
    """Row of `workflow_file`."""
    reason = item.skipped or failed
    status = "skipped" if item.skipped else "failed" if failed else "read"
    return {
        "repository_id": repository_id,
        "path": item.path,
        "kind": item.kind,
        "blob_sha": item.sha or None,
        "mode": item.mode or None,
        "size": item.size,
        "status": status,
        "reason": reason or None,
    }


def actions_permissions(item: ActionsSettings, *, repository_id: int) -> Row:
    """Row of `actions_permissions`."""
    return {
        "repository_id": repository_id,
        "enabled": item.enabled,
        "enabled_repositories": item.enabled_repositories,
        "allowed_actions": item.allowed_actions,
        "sha_pinning_required": item.sha_pinning_required,
    }


def workflow_permissions(item: WorkflowPermissions, *, repository_id: int) -> Row:
    """Row of `workflow_permissions`."""
    return {
        "repository_id": repository_id,
        "default_workflow_permissions": item.default_workflow_permissions,
        "can_approve_pull_request_reviews": item.can_approve_pull_request_reviews,
    }


def fork_approval(item: ForkApproval, *, repository_id: int) -> Row:
    """Row of `fork_approval`."""
    return {"repository_id": repository_id, "approval_policy": item.approval_policy}


def fork_private_settings(item: ForkPrivateSettings, *, repository_id: int) -> Row:
    """Row of `fork_private_settings`."""
    return {
        "repository_id": repository_id,
        "run_workflows_from_fork_pull_requests": item.run_workflows_from_fork_pull_requests,
        "send_write_tokens_to_workflows": item.send_write_tokens_to_workflows,
        "send_secrets_and_variables": item.send_secrets_and_variables,
        "require_approval_for_fork_pr_workflows": item.require_approval_for_fork_pr_workflows,
    }


def actions_policy(item: ActionsPolicy, *, repository_id: int, payload: Mapping[str, Any]) -> Row:
    """Row of `actions_policy`; conditions and rules stay as GitHub wrote them."""
    return {
        "repository_id": repository_id,
        "name": item.name,
        "enforcement": item.enforcement,
        "source_type": item.source_type,
        "conditions": json.dumps(payload.get("conditions"), sort_keys=True),
        "rules": json.dumps(payload.get("rules"), sort_keys=True),
    }


def secret(item: Secret, *, repository_id: int = ORGANIZATION_ROW, environment: str = "") -> Row:
    """Row of `secret`."""
    return {
        "store": item.store.value,
        "scope": item.scope.value,
        "repository_id": repository_id,
        "environment": environment,
        "name": item.name,
        "visibility": item.visibility,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
    }


def variable(
    item: Variable,
    *,
    value: str | None,
    repository_id: int = ORGANIZATION_ROW,
    environment: str = "",
) -> Row:
    """Row of `variable`, its value masked where it looks like a credential."""
    return {
        "scope": item.scope.value,
        "repository_id": repository_id,
        "environment": environment,
        "name": item.name,
        "value": value,
        "visibility": item.visibility,
    }


def _listed(item: Package) -> str:
    # A repository without an id tells no more than a missing one.
    known = item.repository_field.value
    return known if known in {"present", "null"} else "absent"
