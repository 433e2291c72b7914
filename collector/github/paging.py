"""Page through lists: async generators that say when a list did not come to its end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from collector.github import payloads
from collector.github.answers import Answer
from collector.github.outcomes import Reason
from collector.github.protocol import Params, next_link, resolve, same_origin

PER_PAGE = 100
# GitHub ends a list of packages with a 400 at per_page * page > 10,000; other lists end earlier.
# No server may keep us longer than this.
_MOST_PAGES = 10_000


class Getter(Protocol):
    """What paging needs of a client."""

    def url(self, path: str, params: Params | None = None) -> str:
        """Return the full URL of a path."""
        ...

    async def get_url(self, url: str) -> Answer:
        """Get JSON from a full URL."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, ready to be stored with its checkpoint."""

    number: int
    items: tuple[Any, ...] = field(repr=False)
    answer: Answer = field(repr=False)
    last: bool
    # No page follows: the list is at its end, or `reason` says why it isn't.
    reason: Reason | None = None
    # Why the list is incomplete; None: it isn't, as far as this page shows.
    total: int | None = None
    # `total_count`, where the list has one.


async def pages_until_empty(
    github: Getter,
    path: str,
    *,
    params: Params | None = None,
    start: int = 1,
    per_page: int = PER_PAGE,
) -> AsyncIterator[Page]:
    """Page through a list that sends no Link header, until a page is empty: packages.

    A short page is no end there: pages were seen that were short in the middle of a list.
    """
    for number in range(start, _MOST_PAGES + 1):
        answer = await github.get_url(_url(github, path, params, page=number, per_page=per_page))
        page = _page(answer, number=number, key=None)
        if not page.last and not page.items:
            page = replace(page, last=True)
        yield _bounded(page)
        if page.last:
            return


async def pages_by_link_or_short(
    github: Getter,
    path: str,
    *,
    params: Params | None = None,
    start: int = 1,
    per_page: int = PER_PAGE,
    key: str | None = None,
) -> AsyncIterator[Page]:
    """Page through a list by its Link header; without one, until a page is short.

    `key` names the list inside an object such as `{"total_count": 2, "secrets": [...]}`.
    """
    url = _url(github, path, params, page=start, per_page=per_page)
    seen = (start - 1) * per_page
    visited = {url}
    for number in range(start, _MOST_PAGES + 1):
        page = _page(await github.get_url(url), number=number, key=key)
        seen += len(page.items)
        if not page.last:
            page = replace(page, last=_is_end(page, seen=seen, per_page=per_page))
        following = _linked(page, url=url) or _url(
            github, path, params, page=number + 1, per_page=per_page
        )
        if not page.last and following in visited:
            page = replace(page, last=True, reason=Reason.TRUNCATED)
        yield _bounded(page)
        if page.last:
            return
        url = following
        visited.add(url)


async def pages_by_cursor(
    github: Getter, path: str, *, params: Params | None = None, per_page: int = PER_PAGE
) -> AsyncIterator[Page]:
    """Page through a list whose next page is known only by its Link header: the audit log."""
    url = github.url(path, {**(params or {}), "per_page": per_page})
    visited = {url}
    for number in range(1, _MOST_PAGES + 1):
        page = _page(await github.get_url(url), number=number, key=None)
        following = None if page.last else _linked(page, url=url)
        if following is None:
            page = replace(page, last=True)
        elif following in visited:
            page = replace(page, last=True, reason=Reason.TRUNCATED)
        yield _bounded(page)
        if page.last or following is None:
            return
        url = following
        visited.add(url)


def pages_of_key(
    github: Getter,
    path: str,
    *,
    key: str,
    params: Params | None = None,
    start: int = 1,
    per_page: int = PER_PAGE,
) -> AsyncIterator[Page]:
    """Page through `{"total_count": ..., key: [...]}`."""
    return pages_by_link_or_short(
        github, path, params=params, start=start, per_page=per_page, key=key
    )


def _url(github: Getter, path: str, params: Params | None, *, page: int, per_page: int) -> str:
    return github.url(path, {**(params or {}), "per_page": per_page, "page": page})


def _page(answer: Answer, *, number: int, key: str | None) -> Page:
    """Read one page; a denial, and a body of another shape, is the last one, with a reason."""
    if not answer.usable:
        return Page(number, (), answer, last=True, reason=answer.reason)
    items = answer.data if key is None else _under(answer.data, key)
    if not isinstance(items, list):
        return Page(number, (), answer, last=True, reason=Reason.PARSE_ERROR)
    total = payloads.integer(answer.data, "total_count")
    return Page(number, tuple(items), answer, last=False, reason=answer.reason, total=total)


def _under(data: Any, key: str) -> Any:
    return data.get(key) if isinstance(data, dict) else None


def _is_end(page: Page, *, seen: int, per_page: int) -> bool:
    link = page.answer.headers.get("link")
    if link is not None:
        return next_link(link) is None
    if not page.items:
        return True
    short = len(page.items) < per_page
    # A server may give fewer than it is asked for; the count then says that there are more.
    return short and (page.total is None or seen >= page.total)


def _linked(page: Page, *, url: str) -> str | None:
    """Return the next page's URL, unless it leads to another host, where no token goes."""
    target = next_link(page.answer.headers.get("link"))
    if target is None:
        return None
    absolute = resolve(target, base=url)
    return absolute if same_origin(absolute, as_url=url) else None


def _bounded(page: Page) -> Page:
    if page.number < _MOST_PAGES or page.last:
        return page
    return replace(page, last=True, reason=Reason.TRUNCATED)
