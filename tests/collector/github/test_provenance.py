import base64
import json
from datetime import datetime
from typing import Any

import pytest

from collector.github.payloads import Malformed
from collector.github.provenance import (
    Attestation,
    AuditEvent,
    CredentialAuthorization,
    WorkflowRun,
)

DIGEST = "sha256:" + "a" * 64
STATEMENT: dict[str, Any] = {
    "subject": [{"digest": {"sha256": "a" * 64}}],
    "predicateType": "https://slsa.dev/provenance/v1",
    "predicate": {
        "buildDefinition": {
            "externalParameters": {"workflow": {"path": "x.yml", "ref": "refs/heads/main"}}
        }
    },
}


def item(payload: str) -> dict[str, Any]:
    return {"repository_id": 7, "bundle": {"dsseEnvelope": {"payload": payload}}}


def encoded(statement: Any) -> str:
    return base64.b64encode(json.dumps(statement).encode()).decode()


@pytest.mark.parametrize(
    "payload",
    [None, {}, {"action": "packages.package_published"}, {"package": "x"}, {"action": 1}],
)
def test_an_event_without_action_and_package_is_none(payload: Any) -> None:
    assert isinstance(AuditEvent.from_payload(payload), Malformed)


@pytest.mark.parametrize("moment", [10**18, -(10**18), "never", None, True])
def test_a_time_that_is_none_leaves_the_event_without_one(moment: Any) -> None:
    payload = {"action": "packages.package_published", "package": "x", "created_at": moment}
    read = AuditEvent.from_payload(payload)

    assert isinstance(read, AuditEvent)
    assert read.created_at is None


def test_an_event_s_time_is_in_milliseconds_and_its_repository_has_two_names() -> None:
    payload = {
        "action": "packages.package_version_published",
        "package": "x",
        "created_at": 1_700_000_000_000,
        "repository": "acme/shop",
    }
    read = AuditEvent.from_payload(payload)

    assert isinstance(read, AuditEvent)
    assert read.created_at == datetime(2023, 11, 14, 22, 13, 20)  # noqa: DTZ001 - as stored
    assert read.repository == "acme/shop"


def test_an_attestation_of_another_digest_is_none() -> None:
    other = encoded(STATEMENT | {"subject": [{"digest": {"sha256": "b" * 64}}]})

    assert isinstance(Attestation.from_payload(item(other), digest=DIGEST), Malformed)


@pytest.mark.parametrize(
    "payload",
    ["", "%%%", "bm90IGpzb24=", encoded([1]), "A" * 2_000_000, encoded("x"), "W1tbW1s="],
)
def test_a_statement_that_can_not_be_read_leaves_the_repository(payload: str) -> None:
    read = Attestation.from_payload(item(payload), digest=DIGEST)

    assert isinstance(read, Attestation)
    assert (read.repository_id, read.workflow_path) == (7, "")


def test_an_attestation_says_which_workflow_built_it() -> None:
    read = Attestation.from_payload(item(encoded(STATEMENT)), digest=DIGEST)

    assert read == Attestation(7, "x.yml", "refs/heads/main", "https://slsa.dev/provenance/v1")


def test_an_attestation_without_a_repository_is_none() -> None:
    assert isinstance(Attestation.from_payload({"bundle": {}}, digest=DIGEST), Malformed)


@pytest.mark.parametrize(
    ("told", "own"),
    [
        ({}, True),
        ({"head_repository": {"id": 7}}, True),
        ({"head_repository": {"id": 8}}, False),
        ({"event": "pull_request"}, False),
        ({"conclusion": "failure"}, False),
        ({"conclusion": None}, False),
    ],
)
def test_a_run_of_a_fork_or_a_failed_one_is_not_the_repository_s_own(
    told: dict[str, Any], own: bool
) -> None:
    read = WorkflowRun.from_payload({"id": 1, "event": "push", "conclusion": "success"} | told)

    assert isinstance(read, WorkflowRun)
    assert read.is_own(7) is own


def test_a_run_or_an_authorization_without_its_id_is_none() -> None:
    assert isinstance(WorkflowRun.from_payload({"event": "push"}), Malformed)
    assert isinstance(CredentialAuthorization.from_payload({"login": "mel"}), Malformed)
