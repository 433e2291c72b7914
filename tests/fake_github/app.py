"""From a request to an answer: who asks, which limits hold, which endpoint it is, which headers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tests.fake_github import graphql_api, shapes
from tests.fake_github.access import check, check_organization, sees
from tests.fake_github.context import Context, Refusal, not_found, refusal
from tests.fake_github.credentials import ANONYMOUS, Credential
from tests.fake_github.http import Request, Response
from tests.fake_github.limits import Limits
from tests.fake_github.rest import account, actions, git, organization, packages, repositories
from tests.fake_github.rest import secrets as secrets_api
from tests.fake_github.rest import settings as settings_api
from tests.fake_github.routing import Router
from tests.fake_github.vault import Vault

if TYPE_CHECKING:
    from tests.fake_github.faults import Fault
    from tests.fake_github.world import World

API_VERSIONS = ("2022-11-28", "2026-03-10")
GRAPHQL = ("/graphql", "/api/graphql")
NO_AGENT = (
    "Request forbidden by administrative rules. Please make sure your request has a User-Agent"
    " header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required)."
)
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    " If you reach out to GitHub Support for help, please include the request ID."
)
UNICORN = b"<html><head><title>Unicorn!</title></head><body>Something went wrong</body></html>"
FREE = ("/rate_limit", "/meta", "/_storage")


def table() -> Router:
    """Give all endpoints."""
    router = Router()
    for module in (account, repositories, packages, git, actions, settings_api, secrets_api):
        router.include(module.api)
    router.include(organization.api)
    return router


@dataclass(slots=True)
class Application:
    """The fake GitHub without its socket.

    Attributes:
        canonical: write https://api.github.com into bodies in place of our own address.
        served: requests answered so far; it makes the request ids.
    """

    world: World
    limits: Limits = field(default_factory=Limits)
    vault: Vault = field(default_factory=Vault)
    canonical: bool = False
    served: int = 0
    router: Router = field(default_factory=table)

    def credential(self, request: Request) -> Credential | None:
        """Give who asks; None for a token that is not valid."""
        return self.vault.find(request.headers.get("authorization", ""), now=self.limits.now())

    def answer(
        self, request: Request, *, faults: list[Fault] | None = None, in_flight: int = 1
    ) -> Response:
        """Answer one request."""
        self.served += 1
        credential = self.credential(request)
        resource = resource_of(request)
        try:
            response = self._checked(request, credential, resource, faults or [], in_flight)
        except Refusal as refused:
            response = refused.response
        return self._dressed(request, response, credential or ANONYMOUS, resource)

    def _checked(
        self,
        request: Request,
        credential: Credential | None,
        resource: str,
        faults: list[Fault],
        in_flight: int,
    ) -> Response:
        if not request.headers.get("user-agent"):
            raise Refusal(403, NO_AGENT)
        self._apply_before(faults, credential, resource)
        if credential is None or any(f.kind == "revoke" for f in faults):
            raise Refusal(401, "Bad credentials")
        version = request.headers.get("x-github-api-version", API_VERSIONS[0])
        known = API_VERSIONS[:1] if self.world.edition == "ghes" else API_VERSIONS
        if version not in known:
            raise Refusal(400, f"Unsupported API version: {version}")
        if self.limits.too_fast(resource, in_flight):
            raise self._secondary()
        self._primary(request, credential, resource)
        for fault in faults:
            if fault.kind == "status":
                return _failed(fault)
        return self._routed(request, credential)

    def _apply_before(
        self, faults: list[Fault], credential: Credential | None, resource: str
    ) -> None:
        for fault in faults:
            if fault.kind == "action" and fault.action is not None:
                fault.action(self.world)
            elif fault.kind == "secondary":
                self.limits.block(fault.seconds, retry_after=fault.retry_after, status=fault.status)
            elif fault.kind == "primary" and credential is not None:
                self.limits.drain(credential.login, resource)

    def _secondary(self) -> Refusal:
        wait = self.limits.retry_after
        headers = {} if wait is None else {"retry_after": str(wait)}
        return Refusal(self.limits.status, SECONDARY, **headers)

    def _primary(self, request: Request, credential: Credential, resource: str) -> None:
        if request.path.removeprefix("/api/v3").startswith(FREE):
            return
        if not self.limits.exhausted(credential.login, resource):
            self.limits.spend(credential.login, resource)
            return
        message = f"API rate limit exceeded for user ID {len(credential.login)}."
        if resource == "graphql":
            body = {"errors": [{"type": "RATE_LIMITED", "message": message}]}
            raise _Limited(Response.json(body))
        raise Refusal(403, message)

    def _context(self, request: Request, credential: Credential) -> Context:
        host = request.headers.get("host", "127.0.0.1")
        prefix = "/api/v3" if request.path.startswith("/api/v3") else ""
        # A name that is not this machine's is reached through a tunnel that speaks TLS.
        scheme = "http" if host.startswith(("127.", "localhost")) else "https"
        own = f"{scheme}://{host}{prefix}"
        base = "https://api.github.com" if self.canonical else own
        return Context(self.world, self.limits, self.vault, request, credential, base, own)

    def _routed(self, request: Request, credential: Credential) -> Response:
        ctx = self._context(request, credential)
        if request.path in GRAPHQL:
            if credential.kind == "anonymous":
                raise Refusal(401, "This endpoint requires you to be authenticated.")
            return graphql_api.answer(ctx)
        path = self._rest_path(request.path)
        found = self.router.find(request.method, path)
        if found is None:
            raise not_found()
        route, ctx.params = found
        self._denied(path)
        self._locate(ctx, path)
        check(ctx, route.access)
        response = route.handler(ctx)
        if not isinstance(response, Response):
            raise TypeError(f"{route.template} answered {type(response)}")
        if ctx.partial:
            response.headers["x-github-sso"] = ctx.partial
        if route.access.scopes:
            response.headers.setdefault("x-accepted-oauth-scopes", ", ".join(route.access.scopes))
        return response

    def _rest_path(self, raw: str) -> str:
        prefixed = raw.startswith("/api/v3/")
        if self.world.edition == "ghes" and not prefixed:
            raise not_found()
        path = raw.removeprefix("/api/v3")
        parts = path.split("/")
        if len(parts) > 2 and parts[2].isdecimal():
            if parts[1] == "repositories":
                repository = self.world.by_id.get(int(parts[2]))
                if repository is None:
                    raise not_found()
                return "/".join(["/repos", repository.full_name, *parts[3:]])
            if parts[1] == "organizations":
                for found in self.world.orgs.values():
                    if str(found.id) == parts[2]:
                        return "/".join(["/orgs", found.login, *parts[3:]])
        return path

    def _denied(self, path: str) -> None:
        for denial in self.world.denials:
            if fnmatchcase(path.lower(), denial.path.lower()):
                raise Refusal(denial.status, denial.message)

    def _locate(self, ctx: Context, path: str) -> None:
        login = ctx.params.get("org") or ctx.params.get("owner")
        if login is None:
            return
        ctx.organization = self.world.orgs.get(login.lower())
        if ctx.organization is None:
            raise not_found()
        check_organization(ctx, ctx.organization)
        if ctx.credential.saml == "partial":
            ids = str(ctx.organization.id)
            ctx.partial = f"partial-results; organizations={ids}"
        if "repo" in ctx.params:
            self._locate_repository(ctx, path)

    def _locate_repository(self, ctx: Context, path: str) -> None:
        name = ctx.params["repo"].lower()
        found = ctx.org.repositories.get(name)
        if found is None:
            moved = self.world.by_id.get(ctx.org.renamed.get(name, 0))
            if moved is None or not sees(ctx.credential, moved):
                raise not_found()
            rest = "/".join(path.split("/")[4:])
            where = f"{ctx.link_base}/repositories/{moved.id}{'/' if rest else ''}{rest}"
            where += f"?{ctx.request.query}" if ctx.request.query else ""
            body = {"message": "Moved Permanently", "url": where}
            raise _Limited(Response.json(body, status=301, location=where))
        if not sees(ctx.credential, found):
            raise not_found()
        ctx.repository = found
        ctx.organization = self.world.orgs[found.owner.lower()]

    def _dressed(
        self, request: Request, response: Response, credential: Credential, resource: str
    ) -> Response:
        headers = response.headers
        headers["server"] = "github.com"
        headers["date"] = shapes.http_date(self.limits.now())
        headers["x-github-request-id"] = f"C0DE:{self.served:06X}:1A2B3C:4D5E6F:69220000"
        headers["x-github-media-type"] = "github.v3; format=json"
        headers["x-github-api-version-selected"] = request.headers.get(
            "x-github-api-version", API_VERSIONS[0]
        )
        headers |= self.limits.headers(credential.login, resource)
        if credential.kind in ("classic", "oauth"):
            headers["x-oauth-scopes"] = ", ".join(credential.scopes)
            headers.setdefault("x-accepted-oauth-scopes", "")
        if credential.expires:
            headers["github-authentication-token-expiration"] = credential.expires
        if request.method == "GET" and response.status == 200:
            return self._conditional(request, response, credential, resource)
        return response

    def _conditional(
        self, request: Request, response: Response, credential: Credential, resource: str
    ) -> Response:
        tag = etag(request, response.body)
        who = "public" if credential.kind == "anonymous" else "private"
        response.headers["etag"] = f'W/"{tag}"'
        response.headers["cache-control"] = f"{who}, max-age=60, s-maxage=60"
        response.headers["vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding"
        asked = request.headers.get("if-none-match", "")
        since = request.headers.get("if-modified-since")
        unmoved = not asked and since is not None and since == response.headers.get("last-modified")
        if tag in asked or unmoved:
            if credential.kind != "anonymous":
                self.limits.refund(credential.login, resource)
                response.headers |= self.limits.headers(credential.login, resource)
            kept = {k: v for k, v in response.headers.items() if k != "content-type"}
            return Response(304, b"", kept)
        return response


class _Limited(Refusal):
    """A refusal that brings its own response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status, "")
        self.response = response


def etag(request: Request, body: bytes) -> str:
    """Compute GitHub's ETag: it depends on Accept and on the token, not on the body alone."""
    digest = hashlib.sha256()
    for name in ("accept", "authorization", "cookie"):
        value = request.headers.get(name)
        if value is not None or name != "cookie":
            digest.update(f"{value or ''}:".encode())
    digest.update(body)
    return digest.hexdigest()


def resource_of(request: Request) -> str:
    """Say which budget a request is taken from."""
    if request.path in GRAPHQL:
        return "graphql"
    return "audit_log" if request.path.endswith("/audit-log") else "core"


def _failed(fault: Fault) -> Response:
    if fault.status >= 500:
        return Response(fault.status, UNICORN, {"content-type": "text/html"})
    messages = {401: "Bad credentials", 404: "Not Found", 409: "Git Repository is empty."}
    message = fault.message or messages.get(fault.status, "Made to fail.")
    return refusal(fault.status, message)
