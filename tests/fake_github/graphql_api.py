"""GraphQL: the subset schema, executed; errors with HTTP 200 as GitHub gives them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    default_field_resolver,
    execute_sync,
)

from tests.fake_github.access import SSO_MESSAGE
from tests.fake_github.context import Context, node_id, refusal
from tests.fake_github.http import Response
from tests.fake_github.nodes import (
    SOMETHING_WRONG,
    EnterpriseNode,
    OrganizationNode,
    RepositoryNode,
    TypedError,
    find_repository,
)
from tests.fake_github.queries import SCHEMA, read, shape_of

Info = GraphQLResolveInfo[Context]


class _Root:
    """The fields of Query."""

    def organization(self, info: Info, *, login: str) -> OrganizationNode:
        """Look an organization up."""
        ctx: Context = info.context
        found = ctx.world.orgs.get(login.lower())
        if found is None:
            raise TypedError(
                f"Could not resolve to an Organization with the login of '{login}'.", "NOT_FOUND"
            )
        _check_sso(ctx)
        return OrganizationNode(ctx, found)

    def enterprise(self, info: Info, *, slug: str) -> EnterpriseNode:
        """Look an enterprise up; it takes a scope of its own."""
        ctx: Context = info.context
        if "read:enterprise" not in ctx.credential.all_scopes:
            raise TypedError(
                "Your token has not been granted the required scopes to execute this query. The"
                " 'organizations' field requires one of the following scopes:"
                " ['read:enterprise'].",
                "INSUFFICIENT_SCOPES",
            )
        if ctx.world.enterprise is None or ctx.world.enterprise != slug:
            raise TypedError(
                f"Could not resolve to a Business with the URL slug of '{slug}'.", "NOT_FOUND"
            )
        return EnterpriseNode(ctx)

    def repository(
        self,
        info: Info,
        *,
        owner: str,
        name: str,
        followRenames: bool = True,  # noqa: N803
    ) -> RepositoryNode:
        """Look a repository up."""
        ctx: Context = info.context
        _check_sso(ctx)
        return find_repository(ctx, owner, name, follow=followRenames)

    def viewer(self, info: Info) -> dict[str, Any]:
        """Say who asks."""
        login = info.context.credential.login
        return {"login": login, "id": node_id("U", len(login)), "databaseId": len(login)}

    def node(self, info: Info, *, id: str) -> None:  # noqa: A002 - GitHub's name
        """Find nothing: no query of ours goes by node id."""
        raise TypedError(f"Could not resolve to a node with the global id of '{id}'", "NOT_FOUND")

    def rateLimit(self, info: Info, **_: Any) -> dict[str, Any]:  # noqa: N802
        """Give what is left of GraphQL's points."""
        ctx: Context = info.context
        budget = ctx.limits.budget(ctx.credential.login, "graphql")
        reset = datetime.fromtimestamp(int(budget.reset), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "cost": 1,
            "limit": budget.limit,
            "nodeCount": 0,
            "remaining": max(0, budget.limit - budget.used),
            "resetAt": reset,
            "used": budget.used,
        }


def _check_sso(ctx: Context) -> None:
    if ctx.credential.saml == "required":
        raise TypedError(SSO_MESSAGE, "FORBIDDEN")


def _resolve(source: Any, info: Info, **arguments: Any) -> Any:
    if isinstance(source, RepositoryNode) and info.field_name in source.values:
        return source.values[info.field_name]
    if isinstance(source, dict):
        found = source.get(info.field_name)
        return found(info, **arguments) if callable(found) else found
    return default_field_resolver(source, info, **arguments)


def _type_of(value: Any, *_: Any) -> str:
    if isinstance(value, OrganizationNode):
        return "Organization"
    if isinstance(value, RepositoryNode):
        return "Repository"
    return str(value["__typename"])


def is_mutation(body: bytes) -> bool:
    """Tell whether a query wants to change something."""
    try:
        query = json.loads(body).get("query") or ""
    except (ValueError, AttributeError):
        return False
    return shape_of(str(query)).writes


def answer(ctx: Context) -> Response:
    """Execute a query."""
    try:
        asked = json.loads(ctx.request.body)
        query, variables = str(asked["query"]), asked.get("variables") or {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return refusal(400, "Problems parsing JSON")
    document = read(query)
    if isinstance(document, list):
        return Response.json({"errors": [_error(p) for p in document]})
    shape = shape_of(query)
    if shape.reads_files and shape.weight(variables) > ctx.world.switches.graphql_page:
        failed = {"data": None, "errors": [{"message": SOMETHING_WRONG}]}
        return Response.json(failed, status=502)
    result = execute_sync(
        SCHEMA,
        document,
        _Root(),
        ctx,
        variables,
        asked.get("operationName"),
        _resolve,
        _type_of,
    )
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_error(e) for e in result.errors]
    response = Response.json(body)
    if any(
        isinstance(e.original_error, TypedError) and e.message == SSO_MESSAGE
        for e in result.errors or ()
    ):
        response.headers["x-github-sso"] = f"required; url={ctx.site}/orgs/sso"
    return response


def _error(error: GraphQLError) -> dict[str, Any]:
    """Write an error as GitHub does: `type` beside the message."""
    body: dict[str, Any] = {}
    original = error.original_error if isinstance(error.original_error, TypedError) else error
    kind = getattr(original, "kind", None)
    if kind:
        body["type"] = kind
    if error.path:
        body["path"] = list(error.path)
    if error.locations:
        body["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if kind == "FORBIDDEN":
        body["extensions"] = {"saml_failure": True}
    return body | {"message": error.message}
