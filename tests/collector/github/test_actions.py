from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.github.actions import (
    ActionsPolicy,
    ActionsSettings,
    Environment,
    ForkApproval,
    ForkPrivateSettings,
    Scope,
    Secret,
    SecretStore,
    Variable,
    WorkflowPermissions,
)
from collector.github.payloads import Malformed
from tests.collector.github.test_payloads import ANYTHING

PLAIN = [
    ActionsSettings,
    WorkflowPermissions,
    ForkApproval,
    ForkPrivateSettings,
    ActionsPolicy,
    Environment,
]


@pytest.mark.parametrize("model", PLAIN)
def test_an_answer_that_says_nothing_is_malformed(model: Any) -> None:
    assert isinstance(model.from_payload({}), Malformed)


def test_settings_are_an_organizations_or_a_repositorys() -> None:
    organization = {"enabled_repositories": "selected", "allowed_actions": "all"}

    assert ActionsSettings.from_payload(organization) == ActionsSettings(
        None, "selected", "all", None
    )
    assert ActionsSettings.from_payload({"enabled": False, "sha_pinning_required": True}) == (
        ActionsSettings(False, None, None, True)
    )


def test_workflow_and_fork_settings_are_read() -> None:
    assert WorkflowPermissions.from_payload({"default_workflow_permissions": "read"}) == (
        WorkflowPermissions("read", None)
    )
    assert ForkApproval.from_payload({"approval_policy": "all_external_contributors"}) == (
        ForkApproval("all_external_contributors")
    )
    forks = ForkPrivateSettings.from_payload(
        {"run_workflows_from_fork_pull_requests": True, "send_write_tokens_to_workflows": False}
    )
    assert forks == ForkPrivateSettings(True, False, None, None)


def events(*allowed: str) -> dict[str, Any]:
    return {"type": "restrict_action_events", "parameters": {"allowed_events": list(allowed)}}


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ([], None),
        ([{"type": "restrict_actions_actors"}], None),
        ([events()], ()),
        ([events("push", "pull_request")], ("pull_request", "push")),
        ([events("push", "pull_request"), events("push")], ("push",)),
        ("nonsense", None),
    ],
)
def test_a_policy_allows_what_all_its_rules_allow(
    rules: Any, allowed: tuple[str, ...] | None
) -> None:
    read = ActionsPolicy.from_payload(
        {"id": 1, "name": "default", "enforcement": "active", "rules": rules}
    )

    assert isinstance(read, ActionsPolicy)
    assert read.allowed_events == allowed


@pytest.mark.parametrize(
    ("condition", "all_workflows"),
    [
        (None, None),
        ({"workflow_path": {"include": ["~ALL"], "exclude": []}}, True),
        ({"workflow_path": {"include": ["~ALL"], "exclude": ["x.yml"]}}, False),
        ({"workflow_path": {"include": ["ci.yml"], "exclude": []}}, False),
    ],
)
def test_a_condition_can_narrow_a_policy(condition: Any, all_workflows: bool | None) -> None:
    read = ActionsPolicy.from_payload({"id": 1, "name": "p", "conditions": condition})

    assert isinstance(read, ActionsPolicy)
    assert read.targets_all_workflows is all_workflows


def test_a_secret_knows_where_it_lies() -> None:
    read = Secret.from_payload(
        {"name": "GHCR_PAT", "visibility": "all"},
        scope=Scope.ORGANIZATION,
        store=SecretStore.DEPENDABOT,
    )

    assert isinstance(read, Secret)
    assert (read.name, read.scope, read.store) == ("GHCR_PAT", "organization", "dependabot")
    assert read.visibility == "all"


def test_a_secret_or_variable_without_name_is_malformed() -> None:
    for name in (None, "", 3):
        secret = Secret.from_payload(
            {"name": name}, scope=Scope.REPOSITORY, store=SecretStore.ACTIONS
        )
        assert isinstance(secret, Malformed)
        assert isinstance(Variable.from_payload({"name": name}, scope=Scope.REPOSITORY), Malformed)


def test_a_variable_has_a_value() -> None:
    read = Variable.from_payload({"name": "REGISTRY", "value": "ghcr.io"}, scope=Scope.ORGANIZATION)

    assert isinstance(read, Variable)
    assert read.value == "ghcr.io"


@pytest.mark.parametrize(
    ("payload", "reviewers", "branches"),
    [
        ({}, None, None),
        ({"protection_rules": []}, False, None),
        ({"protection_rules": [{"type": "required_reviewers"}]}, True, None),
        ({"deployment_branch_policy": None}, None, "all"),
        ({"deployment_branch_policy": {"protected_branches": True}}, None, "protected"),
        ({"deployment_branch_policy": {"custom_branch_policies": True}}, None, "custom"),
        ({"deployment_branch_policy": {}}, None, None),
    ],
)
def test_an_environment_says_what_stands_before_its_secrets(
    payload: dict[str, Any], reviewers: bool | None, branches: str | None
) -> None:
    read = Environment.from_payload({"id": 1, "name": "prod", **payload})

    assert isinstance(read, Environment)
    assert (read.required_reviewers, read.deployment_branches) == (reviewers, branches)


@given(st.sampled_from(PLAIN), ANYTHING)
def test_no_answer_is_too_odd(model: Any, payload: Any) -> None:
    assert isinstance(model.from_payload(payload), model | Malformed)


NAMES = ["id", "name", "rules", "conditions", "protection_rules", "deployment_branch_policy"]


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_no_field_is_too_odd(payload: dict[str, Any]) -> None:
    named = {"id": 1, "name": "n"} | payload

    assert isinstance(ActionsPolicy.from_payload(named), ActionsPolicy | Malformed)
    assert isinstance(Environment.from_payload(named), Environment | Malformed)


def test_an_item_is_known_by_its_name_where_the_server_gives_no_id() -> None:
    policy = ActionsPolicy.from_payload({"name": "default", "enforcement": "active"})
    environment = Environment.from_payload({"name": "prod"})

    assert isinstance(policy, ActionsPolicy)
    assert isinstance(environment, Environment)
    assert (policy.id, environment.id) == (None, None)
    assert isinstance(ActionsPolicy.from_payload({"id": 1}), Malformed)
    assert isinstance(Environment.from_payload({"id": 1, "name": ""}), Malformed)
