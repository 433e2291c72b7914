"""Which organizations an enterprise has, as far as the credential is told."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

from collector.errors import InventoryError, UsageError
from collector.walk.progress import Silent
from pkginventory.connecting import open_clients

if TYPE_CHECKING:
    from collector.github.answers import Answer
    from collector.github.client import GitHub
    from pkginventory.settings import Settings

_log = logging.getLogger(__name__)
_MOST_PAGES: Final = 100
_QUERY: Final = """
query($slug: String!, $after: String) {
  enterprise(slug: $slug) {
    organizations(first: 100, after: $after) {
      totalCount
      nodes { login }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


class EnterpriseError(InventoryError):
    """The organizations of an enterprise could not be listed."""


def organizations_of(settings: Settings, slug: str) -> tuple[str, ...]:
    """List the organizations of an enterprise, in the order of their names.

    Raises:
        InventoryError: there is no such enterprise, or the credential may not see it.
    """
    if settings.replay is not None:
        raise UsageError(
            "A cassette holds one organization.", hint="Name it with --org instead of --enterprise."
        )
    return asyncio.run(_find(settings, slug))


async def _find(settings: Settings, slug: str) -> tuple[str, ...]:
    async with AsyncExitStack() as stack:
        clients = await open_clients(settings, "", Silent(), stack)
        # An App is installed on organizations; an enterprise is a user's to see.
        return await list_organizations(clients.packages, slug)


async def list_organizations(github: GitHub, slug: str) -> tuple[str, ...]:
    """Ask page by page.

    Raises:
        EnterpriseError: a page did not come.
    """
    found: dict[str, None] = {}
    after, total = None, 0
    for _page in range(_MOST_PAGES):
        answer = await github.graphql(_QUERY, {"slug": slug, "after": after}, tries=5)
        listed = _organizations(answer, slug)
        nodes = [node for node in listed.get("nodes") or () if isinstance(node, dict)]
        found |= dict.fromkeys(str(node["login"]) for node in nodes if node.get("login"))
        total = listed.get("totalCount") or total
        page = listed.get("pageInfo") or {}
        after = page.get("endCursor")
        if not page.get("hasNextPage") or not after:
            break
    if not found:
        raise _refused(slug, "no organization of it is shown to this credential")
    if isinstance(total, int) and total > len(found):
        _log.warning(
            "The enterprise %s has %d organizations; this credential is shown %d of them.",
            slug,
            total,
            len(found),
        )
    return tuple(sorted(found, key=str.lower))


def _organizations(answer: Answer, slug: str) -> dict[str, Any]:
    data = answer.data if isinstance(answer.data, dict) else {}
    listed = (data.get("enterprise") or {}).get("organizations")
    if isinstance(listed, dict):
        return listed
    said = "; ".join(error.message for error in answer.errors) or answer.message
    raise _refused(slug, said or f"GitHub answered {answer.status}")


def _refused(slug: str, said: str) -> EnterpriseError:
    return EnterpriseError(
        f"The organizations of the enterprise {slug} can't be listed: {said.rstrip('.')}.",
        hint="It takes a token with the scope read:enterprise of a member of the enterprise;"
        " or name the organizations with --org.",
    )
