"""Whole lists, short enough to be held at once, and what coverage says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collector.github.answers import Answer
from collector.github.endpoints import Endpoint, Role
from collector.github.outcomes import Reason
from collector.github.paging import Page, pages_by_link_or_short
from collector.github.protocol import Params, path
from collector.stage_batch import Batch
from collector.walk.answers import coverage
from collector.walk.context import Walk, keep


@dataclass(frozen=True, slots=True)
class Listing:
    """All items of a list, and the answers they came in."""

    endpoint: Endpoint
    items: tuple[Any, ...]
    pages: tuple[Page, ...]

    @property
    def last(self) -> Page:
        """Return the page that decided."""
        return self.pages[-1]


async def listing(
    walk: Walk, endpoint: Endpoint, values: Mapping[str, str], *, params: Params | None = None
) -> Listing:
    """Read a whole list; an answer that is none ends it."""
    items: list[Any] = []
    found: list[Page] = []
    github = walk.packages_api if endpoint.role is Role.PACKAGES else walk.api
    async for page in pages_by_link_or_short(
        github,
        path(endpoint.path, **values),
        params=params,
        per_page=endpoint.per_page,
        key=endpoint.key,
    ):
        walk.asked[endpoint.family] += 1
        items += page.items
        found.append(page)
    return Listing(endpoint, tuple(items), tuple(found))


def keep_listing(batch: Batch, found: Listing, *, seen: int, subject: str = "") -> None:
    """Store who was asked for a list, and what it leaves unread.

    Args:
        batch: where it goes.
        found: the list.
        seen: how many of its items could be read.
        subject: whose list it is.
    """
    for page in found.pages:
        keep(batch, page.answer, family=found.endpoint.family, subject=subject)
    told = listed(found.last, seen=seen, malformed=len(found.items) - seen)
    told = unavailable(told, found.endpoint, found.last.answer)
    batch.record_coverage(found.endpoint.family, subject, **told)


def listed(
    page: Page, *, seen: int, expected: int | None = None, malformed: int = 0
) -> dict[str, Any]:
    """Describe a list by its last page: what was seen, and what should have been."""
    told = coverage(page.answer, seen=seen) | {"expected": expected}
    if page.reason is not None and told["status"] == "complete":
        told |= {
            "status": "failed",
            "reason": page.reason.value,
            "detail": _UNREADABLE[page.reason],
        }
    if malformed and told["status"] == "complete":
        detail = f"{malformed} items of the list lack what would identify them."
        told |= {"status": "partial", "reason": Reason.PARSE_ERROR.value, "detail": detail}
    if told["status"] != "complete":
        return told | {"status": "partial"} if seen else told
    if expected is None or seen >= expected:
        return told
    return told | {
        "status": "partial",
        "reason": Reason.FORBIDDEN.value,
        "detail": f"{seen} were listed and {expected} exist: the credential can't see the rest.",
    }


def unavailable(told: dict[str, Any], endpoint: Endpoint, answer: Answer) -> dict[str, Any]:
    """Say `unavailable` of a 404 where this GitHub may not have the endpoint at all."""
    if answer.status == 404 and endpoint.missing_on:  # noqa: PLR2004
        return told | {"status": "unavailable"}
    return told


_UNREADABLE = {
    Reason.PARSE_ERROR: "GitHub's answer is no list.",
    Reason.TRUNCATED: "The list has no end, or more pages than anyone may ask for.",
}
