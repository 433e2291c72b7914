"""Who published, built and ran what, as GitHub tells it: audit events, attestations, runs, authorizations."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from collector.github import payloads
from collector.github.payloads import Malformed
from collector.github.protocol import parse_json

# Longer than any statement of provenance that names one workflow.
_LARGEST_STATEMENT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """A line of the audit log that speaks of a package."""

    action: str
    package: str
    ecosystem: str
    version: str | None
    repository: str
    # owner/name; empty: not named. GitHub does not say whether it is the one that ran.
    actor: str
    actor_is_bot: bool | None
    credential_type: str
    # `programmatic_access_type`: an open string; empty: not named.
    hashed_token: str
    # GitHub's own hash; the log holds no token.
    document_id: str | None
    created_at: datetime | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `/orgs/{org}/audit-log`."""
        action, package = payloads.text(payload, "action"), payloads.text(payload, "package")
        if not action or not package:
            return Malformed("audit event", "an item has no action or package")
        named = payloads.text(payload, "repo") or payloads.text(payload, "repository")
        return cls(
            action=action,
            package=package,
            ecosystem=payloads.text(payload, "ecosystem") or "",
            version=payloads.text(payload, "version"),
            repository=named or "",
            actor=payloads.text(payload, "actor") or "",
            actor_is_bot=payloads.boolean(payload, "actor_is_bot"),
            credential_type=payloads.text(payload, "programmatic_access_type") or "",
            hashed_token=payloads.text(payload, "hashed_token") or "",
            document_id=payloads.text(payload, "_document_id"),
            created_at=_milliseconds(payload, "created_at") or _milliseconds(payload, "@timestamp"),
        )


@dataclass(frozen=True, slots=True)
class CredentialAuthorization:
    """A credential that may be used in an organization with single sign-on; never the credential."""

    id: int
    login: str
    credential_type: str
    scopes: tuple[str, ...]
    authorized_at: datetime | None
    accessed_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `/orgs/{org}/credential-authorizations`."""
        identity = payloads.integer(payload, "credential_id")
        login = payloads.text(payload, "login")
        if identity is None or not login:
            return Malformed("credential authorization", "an item has no credential_id or login")
        return cls(
            id=identity,
            login=login,
            credential_type=payloads.text(payload, "credential_type") or "",
            scopes=payloads.texts(payload, "scopes"),
            authorized_at=payloads.instant(payload, "credential_authorized_at"),
            accessed_at=payloads.instant(payload, "credential_accessed_at"),
            expires_at=payloads.instant(payload, "authorized_credential_expires_at"),
        )


@dataclass(frozen=True, slots=True)
class Attestation:
    """What somebody attested of a digest. GitHub says that its signature must be verified; we don't."""

    repository_id: int
    workflow_path: str
    workflow_ref: str
    predicate_type: str

    @classmethod
    def from_payload(cls, payload: Any, *, digest: str) -> Self | Malformed:
        """Read one item of `/orgs/{org}/attestations/{subject_digest}`."""
        repository_id = payloads.integer(payload, "repository_id")
        if repository_id is None:
            return Malformed("attestation", "an item has no repository_id")
        # Large bundles are only linked to; the list was asked for this digest all the same.
        statement = _statement(payloads.mapping(payload, "bundle"))
        if statement is not None and not _speaks_of(statement, digest):
            return Malformed("attestation", "a statement speaks of another digest")
        build = payloads.mapping(payloads.mapping(statement, "predicate"), "buildDefinition")
        workflow = payloads.mapping(payloads.mapping(build, "externalParameters"), "workflow")
        return cls(
            repository_id=repository_id,
            workflow_path=payloads.text(workflow, "path") or "",
            workflow_ref=payloads.text(workflow, "ref") or "",
            predicate_type=payloads.text(statement, "predicateType") or "",
        )


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A run of a workflow."""

    id: int
    event: str
    conclusion: str | None
    head_sha: str | None
    created_at: datetime | None
    head_repository_id: int | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs`."""
        identity, event = payloads.integer(payload, "id"), payloads.text(payload, "event")
        if identity is None or not event:
            return Malformed("workflow run", "an item has no id or event")
        return cls(
            id=identity,
            event=event,
            conclusion=payloads.text(payload, "conclusion"),
            head_sha=payloads.text(payload, "head_sha"),
            created_at=payloads.instant(payload, "run_started_at")
            or payloads.instant(payload, "created_at"),
            head_repository_id=payloads.integer(payloads.mapping(payload, "head_repository"), "id"),
        )

    def is_own(self, repository_id: int) -> bool:
        """Tell whether it succeeded with the repository's own token, not with that of a fork."""
        return (
            self.conclusion == "success"
            and not self.event.startswith("pull_request")
            and self.head_repository_id in {None, repository_id}
        )


def _milliseconds(payload: Any, name: str) -> datetime | None:
    value = payloads.integer(payload, name)
    if value is None:
        return payloads.instant(payload, name)
    try:
        return datetime.fromtimestamp(value / 1000, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


def _statement(bundle: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what a bundle's envelope says, None where it can't be read."""
    envelope = payloads.mapping(bundle, "dsseEnvelope")
    encoded = envelope.get("payload") if envelope is not None else None
    if not isinstance(encoded, str) or len(encoded) > _LARGEST_STATEMENT:
        return None
    try:
        read = parse_json(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        return None
    return read if isinstance(read, dict) else None


def _speaks_of(statement: dict[str, Any], digest: str) -> bool:
    algorithm, _, wanted = digest.partition(":")
    return any(
        payloads.text(payloads.mapping(subject, "digest"), algorithm) == wanted
        for subject in payloads.sequence(statement, "subject")
    )
