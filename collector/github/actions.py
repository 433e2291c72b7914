"""How Actions is set up: permissions, fork rules, policies, secrets, variables, environments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from collector.github import payloads
from collector.github.payloads import Malformed


class Scope(StrEnum):
    """Where a secret or a variable lies."""

    ORGANIZATION = "organization"
    REPOSITORY = "repository"
    ENVIRONMENT = "environment"


class SecretStore(StrEnum):
    """Which feature reads it: Actions and Dependabot keep secrets of their own."""

    ACTIONS = "actions"
    DEPENDABOT = "dependabot"


@dataclass(frozen=True, slots=True)
class ActionsSettings:
    """`.../actions/permissions` of an organization or a repository; the other's fields are None."""

    enabled: bool | None
    # Of a repository.
    enabled_repositories: str | None
    # Of an organization: `all`, `none` or `selected`.
    allowed_actions: str | None
    # `all`, `local_only` or `selected`.
    sha_pinning_required: bool | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read the answer."""
        settings = cls(
            enabled=payloads.boolean(payload, "enabled"),
            enabled_repositories=payloads.text(payload, "enabled_repositories"),
            allowed_actions=payloads.text(payload, "allowed_actions"),
            sha_pinning_required=payloads.boolean(payload, "sha_pinning_required"),
        )
        if settings.enabled is None and settings.enabled_repositories is None:
            return Malformed("actions settings", "the answer says neither enabled nor for whom")
        return settings


@dataclass(frozen=True, slots=True)
class WorkflowPermissions:
    """`.../actions/permissions/workflow`: what a job's token holds unless its workflow says."""

    default_workflow_permissions: str
    # `read` or `write`.
    can_approve_pull_request_reviews: bool | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read the answer."""
        default = payloads.text(payload, "default_workflow_permissions")
        if default is None:
            return Malformed("workflow permissions", "the answer names no default")
        return cls(
            default_workflow_permissions=default,
            can_approve_pull_request_reviews=payloads.boolean(
                payload, "can_approve_pull_request_reviews"
            ),
        )


@dataclass(frozen=True, slots=True)
class ForkApproval:
    """`.../fork-pr-contributor-approval`: whose pull requests wait for a maintainer."""

    approval_policy: str
    # `first_time_contributors_new_to_github`, `first_time_contributors`
    # or `all_external_contributors`.

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read the answer."""
        policy = payloads.text(payload, "approval_policy")
        if policy is None:
            return Malformed("fork approval", "the answer names no approval_policy")
        return cls(approval_policy=policy)


@dataclass(frozen=True, slots=True)
class ForkPrivateSettings:
    """`.../fork-pr-workflows-private-repos`: what forks of private repositories may do."""

    run_workflows_from_fork_pull_requests: bool
    send_write_tokens_to_workflows: bool | None
    send_secrets_and_variables: bool | None
    require_approval_for_fork_pr_workflows: bool | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read the answer."""
        runs = payloads.boolean(payload, "run_workflows_from_fork_pull_requests")
        if runs is None:
            return Malformed("fork settings", "the answer doesn't say whether forks' workflows run")
        return cls(
            run_workflows_from_fork_pull_requests=runs,
            send_write_tokens_to_workflows=payloads.boolean(
                payload, "send_write_tokens_to_workflows"
            ),
            send_secrets_and_variables=payloads.boolean(payload, "send_secrets_and_variables"),
            require_approval_for_fork_pr_workflows=payloads.boolean(
                payload, "require_approval_for_fork_pr_workflows"
            ),
        )


@dataclass(frozen=True, slots=True)
class ActionsPolicy:
    """One item of `.../actions/policies`: a workflow execution protection."""

    id: int | None
    name: str
    source_type: str | None
    # `Repository`, `Organization` or `Enterprise`.
    source: str | None
    enforcement: str | None
    # Only `active` protects; `evaluate` and `disabled` don't.
    allowed_events: tuple[str, ...] | None
    # None: no rule restricts events. Of several such rules, what all of them allow.
    restricts_actors: bool
    targets_all_workflows: bool | None
    # False when a workflow_path condition narrows it; None when the item is a summary.

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `policies`."""
        name = payloads.text(payload, "name")
        if name is None:
            return Malformed("actions policy", "an item has no name")
        rules = payloads.sequence(payload, "rules")
        return cls(
            id=payloads.integer(payload, "id"),
            name=name,
            source_type=payloads.text(payload, "source_type"),
            source=payloads.text(payload, "source"),
            enforcement=payloads.text(payload, "enforcement"),
            allowed_events=_allowed_events(rules),
            restricts_actors=any(
                payloads.text(rule, "type") == "restrict_actions_actors" for rule in rules
            ),
            targets_all_workflows=_targets_all(payload),
        )


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's name and place; its value can't be read by anyone."""

    name: str
    scope: Scope
    store: SecretStore
    visibility: str | None
    # `all`, `private` or `selected`; only of an organization's secret.
    created_at: datetime | None
    updated_at: datetime | None

    @classmethod
    def from_payload(cls, payload: Any, *, scope: Scope, store: SecretStore) -> Self | Malformed:
        """Read one item of `secrets`."""
        name = payloads.text(payload, "name")
        if not name:
            return Malformed("secret", "an item has no name")
        return cls(
            name=name,
            scope=scope,
            store=store,
            visibility=payloads.text(payload, "visibility"),
            created_at=payloads.instant(payload, "created_at"),
            updated_at=payloads.instant(payload, "updated_at"),
        )


@dataclass(frozen=True, slots=True)
class Variable:
    """A configuration variable; unlike a secret, its value is readable."""

    name: str
    scope: Scope
    value: str | None
    visibility: str | None
    # `all`, `private` or `selected`; only of an organization's variable.
    updated_at: datetime | None

    @classmethod
    def from_payload(cls, payload: Any, *, scope: Scope) -> Self | Malformed:
        """Read one item of `variables`."""
        name = payloads.text(payload, "name")
        if not name:
            return Malformed("variable", "an item has no name")
        return cls(
            name=name,
            scope=scope,
            value=payloads.text(payload, "value"),
            visibility=payloads.text(payload, "visibility"),
            updated_at=payloads.instant(payload, "updated_at"),
        )


@dataclass(frozen=True, slots=True)
class Environment:
    """A deployment environment, with what stands before its secrets."""

    id: int | None
    name: str
    required_reviewers: bool | None
    # None when the answer lists no protection rules.
    wait_timer: int | None
    # In minutes.
    deployment_branches: str | None
    # `protected`, `custom`, or `all`; None when the answer doesn't say.

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `environments`."""
        name = payloads.text(payload, "name")
        if not name:
            return Malformed("environment", "an item has no name")
        rules = payloads.sequence(payload, "protection_rules")
        listed = isinstance(payload.get("protection_rules"), list)
        kinds = {payloads.text(rule, "type") for rule in rules}
        timers = [payloads.integer(rule, "wait_timer") for rule in rules]
        return cls(
            id=payloads.integer(payload, "id"),
            name=name,
            required_reviewers="required_reviewers" in kinds if listed else None,
            wait_timer=next((timer for timer in timers if timer is not None), None),
            deployment_branches=_deployment_branches(payload),
        )


def _allowed_events(rules: tuple[Any, ...]) -> tuple[str, ...] | None:
    allowed: set[str] | None = None
    for rule in rules:
        if payloads.text(rule, "type") != "restrict_action_events":
            continue
        events = set(payloads.texts(payloads.mapping(rule, "parameters"), "allowed_events"))
        allowed = events if allowed is None else allowed & events
    return None if allowed is None else tuple(sorted(allowed))


def _targets_all(payload: Any) -> bool | None:
    condition = payloads.mapping(payloads.mapping(payload, "conditions"), "workflow_path")
    if condition is None:
        return None
    included = payloads.texts(condition, "include")
    return included == ("~ALL",) and not payloads.sequence(condition, "exclude")


def _deployment_branches(payload: dict[str, Any]) -> str | None:
    if "deployment_branch_policy" not in payload:
        return None
    if payload["deployment_branch_policy"] is None:
        return "all"
    policy = payloads.mapping(payload, "deployment_branch_policy")
    if payloads.boolean(policy, "protected_branches"):
        return "protected"
    return "custom" if payloads.boolean(policy, "custom_branch_policies") else None
