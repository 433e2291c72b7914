"""Pages: by number with a `Link` header, or all at once with a count."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.fake_github.context import Context, number
from tests.fake_github.http import Response

T = TypeVar("T")


def page_numbers(ctx: Context, *, default: int = 30, most: int = 100) -> tuple[int, int]:
    """Read `page` and `per_page` as GitHub does: clamped, never refused."""
    page = max(1, number(ctx.query("page"), 1))
    per_page = number(ctx.query("per_page"), default) or default
    return page, min(per_page, most)


def listing(ctx: Context, items: Sequence[T], render: Callable[[T], Any]) -> Response:
    """Answer with one page of a plain list, and a `Link` header."""
    page, per_page = page_numbers(ctx)
    part = items[(page - 1) * per_page : page * per_page]
    response = Response.json([render(item) for item in part])
    return with_link(ctx, response, total=len(items), page=page, per_page=per_page)


def counted(
    ctx: Context,
    key: str,
    items: Sequence[T],
    render: Callable[[T], Any],
    *,
    default: int = 30,
    most: int = 100,
) -> Response:
    """Answer with one page under a key, beside `total_count`."""
    page, per_page = page_numbers(ctx, default=default, most=most)
    part = items[(page - 1) * per_page : page * per_page]
    response = Response.json({"total_count": len(items), key: [render(item) for item in part]})
    return with_link(ctx, response, total=len(items), page=page, per_page=per_page)


def with_link(
    ctx: Context, response: Response, *, total: int, page: int, per_page: int
) -> Response:
    """Add the `Link` header where there is more than this page."""
    last = max(1, -(-total // per_page))
    wanted = []
    if page > 1:
        wanted += [("prev", min(page - 1, last)), ("first", 1)]
    if page < last:
        wanted += [("next", page + 1), ("last", last)]
    if wanted:
        target = f"{ctx.link_base}{stable_path(ctx)}"
        parts = []
        for rel, to in wanted:
            query = urlencode(ctx.request.params | {"page": str(to)})
            parts.append(f'<{target}?{query}>; rel="{rel}"')
        response.headers["link"] = ", ".join(parts)
    return response


def stable_path(ctx: Context) -> str:
    """Write the path with ids in place of names, as GitHub's links have it."""
    path = re.sub(r"^/api/v3", "", ctx.request.path)
    if ctx.repository is not None and path.startswith("/repos/"):
        rest = "/".join(path.split("/")[4:])
        return f"/repositories/{ctx.repository.id}/{rest}"
    if ctx.organization is not None and path.startswith("/orgs/"):
        rest = "/".join(path.split("/")[3:])
        return f"/organizations/{ctx.organization.id}/{rest}"
    return path
