"""Answers about who published, built and ran what, as rows of the stage's tables."""

from collector.github.provenance import (
    Attestation,
    AuditEvent,
    CredentialAuthorization,
    WorkflowRun,
)
from collector.walk.rows import Row


def audit_event(item: AuditEvent) -> Row:
    """Row of `audit_event`."""
    return {
        "action": item.action,
        "ecosystem": item.ecosystem,
        "package_name": item.package,
        "repository_full_name": item.repository,
        "actor": item.actor,
        "credential_type": item.credential_type,
        "hashed_token": item.hashed_token,
        "actor_is_bot": item.actor_is_bot,
        "document_id": item.document_id,
        "version": item.version,
        "created_at": item.created_at,
    }


def credential_authorization(item: CredentialAuthorization) -> Row:
    """Row of `credential_authorization`."""
    return {
        "credential_id": item.id,
        "login": item.login,
        "credential_type": item.credential_type,
        "scopes": list(item.scopes),
        "authorized_at": item.authorized_at,
        "accessed_at": item.accessed_at,
        "expires_at": item.expires_at,
    }


def attestation(item: Attestation, *, package_id: int, digest: str) -> Row:
    """Row of `attestation`."""
    return {
        "package_id": package_id,
        "digest": digest,
        "repository_id": item.repository_id,
        "workflow_path": item.workflow_path,
        "workflow_ref": item.workflow_ref,
        "predicate_type": item.predicate_type,
    }


def workflow_run(item: WorkflowRun, *, repository_id: int, path: str) -> Row:
    """Row of `workflow_run`."""
    return {
        "repository_id": repository_id,
        "path": path,
        "run_id": item.id,
        "event": item.event,
        "head_sha": item.head_sha,
        "created_at": item.created_at,
    }
