"""What else an organization keeps: properties, registries, credentials, Apps, audit log, attestations."""

import base64
import json
from typing import Any

from tests.fake_github import shapes
from tests.fake_github.access import Access, sees
from tests.fake_github.context import Context, Refusal, not_found, number
from tests.fake_github.http import Response
from tests.fake_github.model import (
    Attestation,
    AuditEvent,
    CredentialAuthorization,
    Installation,
    PrivateRegistry,
    Repository,
    iso,
)
from tests.fake_github.paging import counted, listing, stable_path
from tests.fake_github.routing import Router

api = Router()
PROPERTIES = Access(
    scopes=("read:org",), permission="organization_custom_properties", role="member"
)


@api.get("/orgs/{org}/properties/schema", PROPERTIES)
def property_schema(ctx: Context) -> Response:
    """List the definitions of custom properties."""
    url = f"{ctx.base}/orgs/{ctx.org.login}/properties/schema"
    return Response.json(
        [
            {
                "property_name": p.name,
                "url": f"{url}/{p.name}",
                "source_type": "organization",
                "value_type": p.value_type,
                "required": p.required,
                "default_value": None,
                "description": None,
                "allowed_values": list(p.allowed_values) or None,
                "values_editable_by": "org_actors",
            }
            for p in ctx.org.properties
        ]
    )


@api.get("/orgs/{org}/properties/values", PROPERTIES)
def property_values(ctx: Context) -> Response:
    """List every repository's values."""
    found = [r for r in ctx.org.repositories.values() if sees(ctx.credential, r)]

    def render(repository: Repository) -> dict[str, Any]:
        return {
            "repository_id": repository.id,
            "repository_name": repository.name,
            "repository_full_name": repository.full_name,
            "properties": [
                {"property_name": p.name, "value": repository.properties.get(p.name)}
                for p in ctx.org.properties
            ],
        }

    return listing(ctx, found, render)


@api.get("/repos/{owner}/{repo}/properties/values")
def repository_properties(ctx: Context) -> Response:
    """List one repository's values."""
    values = ctx.repo.properties.items()
    return Response.json([{"property_name": k, "value": v} for k, v in values])


@api.get(
    "/orgs/{org}/private-registries",
    Access(scopes=("admin:org",), permission="organization_private_registries", role="owner"),
)
def private_registries(ctx: Context) -> Response:
    """List registry credentials that are kept on the organization."""

    def render(one: PrivateRegistry) -> dict[str, Any]:
        return {
            "name": one.name,
            "registry_type": one.registry_type,
            "auth_type": one.auth_type,
            "url": one.url,
            "username": one.username,
            "replaces_base": False,
            "visibility": one.visibility,
            "created_at": iso(ctx.org.created_at),
            "updated_at": iso(ctx.org.created_at),
        }

    return counted(ctx, "configurations", ctx.org.private_registries, render)


@api.get("/orgs/{org}/credential-authorizations", Access(("read:org",), None, "owner"))
def credential_authorizations(ctx: Context) -> Response:
    """List tokens authorised for single sign-on: GHEC with SAML only."""
    if ctx.world.edition != "ghec" or not ctx.org.saml:
        raise not_found()

    def render(one: CredentialAuthorization) -> dict[str, Any]:
        return {
            "login": one.login,
            "credential_id": one.id,
            "credential_type": "personal access token",
            "token_last_eight": one.last_eight,
            "credential_authorized_at": iso(one.authorized_at),
            "credential_accessed_at": iso(one.accessed_at) if one.accessed_at else None,
            "authorized_credential_id": one.id + 1,
            "authorized_credential_title": None,
            "authorized_credential_note": one.note,
            "authorized_credential_expires_at": iso(one.expires_at) if one.expires_at else None,
            "scopes": list(one.scopes),
        }

    return listing(ctx, ctx.org.credential_authorizations, render)


@api.get("/orgs/{org}/personal-access-tokens", Access(role="owner"))
def personal_access_tokens(ctx: Context) -> Response:
    """List approved fine-grained tokens; only Apps may ask, and here there are none."""
    if ctx.credential.kind != "installation":
        raise Refusal(403, "Resource not accessible by personal access token")
    return Response.json([])


def installation(ctx: Context, one: Installation) -> dict[str, Any]:
    """Write an App's installation."""
    created = iso(ctx.world.orgs[next(iter(ctx.world.orgs))].created_at)
    organization = next(o for o in ctx.world.orgs.values() if one in o.installations)
    url = f"{ctx.base}/app/installations/{one.id}"
    return {
        "id": one.id,
        "client_id": f"Iv1.{one.app_id:016x}",
        "account": shapes.owner(ctx, organization.login),
        "repository_selection": "all" if one.repositories is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{ctx.base}/installation/repositories",
        "html_url": f"{ctx.site}/organizations/{organization.login}/settings/installations/{one.id}",
        "app_id": one.app_id,
        "target_id": organization.id,
        "target_type": "Organization",
        "permissions": dict(one.permissions),
        "events": [],
        "created_at": created,
        "updated_at": created,
        "single_file_name": None,
        "app_slug": one.app_slug,
        "suspended_by": None,
        "suspended_at": created if one.suspended else None,
    }


@api.get(
    "/orgs/{org}/installations",
    Access(scopes=("admin:org",), permission="organization_administration", role="owner"),
)
def installations(ctx: Context) -> Response:
    """List installed Apps and what they may do."""
    return counted(ctx, "installations", ctx.org.installations, lambda one: installation(ctx, one))


@api.get(
    "/orgs/{org}/audit-log",
    Access(("read:audit_log",), "organization_administration", "owner"),
)
def audit_log(ctx: Context) -> Response:
    """Give the audit log by cursor; github.com without Enterprise Cloud has none."""
    if not ctx.world.has_audit_log:
        raise not_found()
    phrase = ctx.query("phrase")
    wanted = [w.removeprefix("action:") for w in phrase.split() if w.startswith("action:")]
    events = [
        (at, e)
        for at, e in enumerate(ctx.org.audit)
        if not wanted or any(e.action == w or e.action.startswith(f"{w}.") for w in wanted)
    ]
    ascending = ctx.query("order", "desc") == "asc"
    events.sort(key=lambda item: (item[1].at, item[0]), reverse=not ascending)
    per_page = min(100, number(ctx.query("per_page"), 30) or 30)
    start = _cursor(ctx.query("after")) if ctx.query("after") else 0
    part = events[start : start + per_page]
    response = Response.json([_event(ctx, at, event) for at, event in part])
    if start + per_page < len(events):
        cursor = base64.urlsafe_b64encode(f"at:{start + per_page}".encode()).decode()
        query = f"after={cursor}&before=&per_page={per_page}"
        query += f"&phrase={shapes.quoted(phrase)}" if phrase else ""
        query += "&order=asc" if ascending else ""
        target = f"{ctx.link_base}{stable_path(ctx)}?{query}"
        response.headers["link"] = f'<{target}>; rel="next"'
    return response


def _cursor(text: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(text).decode().removeprefix("at:"))
    except ValueError as error:
        raise Refusal(400, "Invalid cursor") from error


def _event(ctx: Context, at: int, event: AuditEvent) -> dict[str, Any]:
    return {
        "@timestamp": event.at * 1000,
        "_document_id": f"doc-{ctx.org.id}-{at}",
        "action": event.action,
        "actor": event.actor,
        "created_at": event.at * 1000,
        "operation_type": "create",
        "org": ctx.org.login,
        "org_id": ctx.org.id,
        **event.fields,
    }


def _bundle(attestation: Attestation) -> dict[str, Any]:
    repository = attestation.repository
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {
                "name": f"ghcr.io/{repository.full_name}",
                "digest": {"sha256": attestation.digest.removeprefix("sha256:")},
            }
        ],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "https://actions.github.io/buildtypes/workflow/v1",
                "externalParameters": {
                    "workflow": {
                        "ref": attestation.ref,
                        "repository": f"https://github.com/{repository.full_name}",
                        "path": attestation.workflow,
                    }
                },
            },
            "runDetails": {"builder": {"id": "https://github.com/actions/runner/github-hosted"}},
        },
    }
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": "bWFkZSB1cA=="}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": payload,
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"sig": "bWFkZSB1cA=="}],
        },
    }


def _attestations(ctx: Context, found: list[Attestation]) -> Response:
    if ctx.world.edition == "ghes":
        raise not_found()
    items = [
        {
            "bundle": _bundle(one),
            "repository_id": one.repository.id,
            "bundle_url": f"{ctx.link_base}/_storage/attestation",
            "initiator": "user",
        }
        for one in found
        if sees(ctx.credential, one.repository)
    ]
    return Response.json({"attestations": items})


@api.get("/orgs/{org}/attestations/{digest}", Access(permission="attestations"))
def organization_attestations(ctx: Context) -> Response:
    """List attestations of a digest."""
    return _attestations(ctx, ctx.org.attestations.get(ctx.params["digest"], []))


@api.get("/repos/{owner}/{repo}/attestations/{digest}", Access(permission="attestations"))
def repository_attestations(ctx: Context) -> Response:
    """List attestations of a digest that one repository's workflows made."""
    organization = ctx.world.orgs.get(ctx.repo.owner.lower())
    kept = organization.attestations if organization else {}
    found = kept.get(ctx.params["digest"], [])
    return _attestations(ctx, [one for one in found if one.repository is ctx.repo])


@api.get("/repos/{owner}/{repo}/keys", Access(("repo",), "administration", "admin"))
def deploy_keys(ctx: Context) -> Response:
    """List deploy keys; this world has none."""
    return Response.json([])


@api.get("/user/orgs", Access(("read:org",), None))
def organizations_of_user(ctx: Context) -> Response:
    """List the organizations the person belongs to; with SAML only what the token may see."""
    if ctx.credential.role == "outsider":
        return Response.json([])
    found = list(ctx.world.orgs.values())
    if ctx.credential.saml is None:
        return listing(ctx, found, lambda o: shapes.organization_simple(ctx, o))
    response = Response.json([])
    hidden = ",".join(str(o.id) for o in found)
    response.headers["x-github-sso"] = f"partial-results; organizations={hidden}"
    return response
