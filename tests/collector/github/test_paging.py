from typing import TYPE_CHECKING, Any

import httpx
import pytest

from collector.github import paging
from collector.github.outcomes import Outcome, Reason
from collector.github.paging import Page, pages_by_link_or_short, pages_of_key, pages_until_empty
from tests.collector.github.tools import API, Handler, github

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATH = "/orgs/acme/things"


def listing(pages: dict[int, list[Any]], *, link: bool = False, key: str | None = None) -> Handler:
    """Answer pages by number, empty ones after the last, with Link headers when asked to."""

    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        items = pages.get(number, [])
        headers = {}
        if link and number < max(pages):
            following = request.url.copy_set_param("page", number + 1)
            headers["link"] = f'<{following}>; rel="next"'
        elif link:
            headers["link"] = f'<{API}{PATH}?page=1>; rel="first"'
        total = sum(len(each) for each in pages.values())
        body = items if key is None else {"total_count": total, key: items}
        return httpx.Response(200, json=body, headers=headers)

    return handler


async def walk(handler: Handler, pager: Any, **more: Any) -> tuple[list[Page], int]:
    async with github(handler) as gh:
        stream: AsyncIterator[Page] = pager(gh, PATH, **more)
        pages = [page async for page in stream]
        return pages, gh.counts.sent


def shape(pages: list[Page]) -> list[tuple[int, int, bool]]:
    return [(page.number, len(page.items), page.last) for page in pages]


async def test_a_short_page_of_packages_is_no_end() -> None:
    handler = listing({1: [1] * 100, 2: [1] * 99, 3: [1] * 100})
    pages, sent = await walk(handler, pages_until_empty)

    assert shape(pages) == [(1, 100, False), (2, 99, False), (3, 100, False), (4, 0, True)]
    assert sent == 4
    assert all(page.reason is None for page in pages)


async def test_packages_are_asked_with_their_parameters() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, json=[])

    await walk(handler, pages_until_empty, params={"package_type": "npm"}, start=3)

    assert seen == [f"{API}{PATH}?package_type=npm&per_page=100&page=3"]


async def test_the_bound_of_ten_thousand_is_a_partial_list() -> None:
    said = "The value of `per_page` multiplied by `page` cannot be greater than 10000."

    def handler(request: httpx.Request) -> httpx.Response:
        if int(request.url.params["page"]) > 2:
            return httpx.Response(400, json={"message": said})
        return httpx.Response(200, json=[1] * 100)

    pages, _sent = await walk(handler, pages_until_empty)

    assert shape(pages) == [(1, 100, False), (2, 100, False), (3, 0, True)]
    assert pages[-1].reason is Reason.TRUNCATED
    assert pages[-1].answer.outcome is Outcome.PAGE_LIMIT


@pytest.mark.parametrize("pager", [pages_until_empty, pages_by_link_or_short])
async def test_a_denied_page_is_the_last_and_says_why(pager: Any) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.params["page"] == "2":
            return httpx.Response(403, json={"message": "no"})
        return httpx.Response(200, json=[1] * 100)

    pages, sent = await walk(handler, pager)

    assert shape(pages) == [(1, 100, False), (2, 0, True)]
    assert (pages[-1].reason, sent) == (Reason.FORBIDDEN, 2)


@pytest.mark.parametrize("pager", [pages_until_empty, pages_by_link_or_short])
@pytest.mark.parametrize("body", [{"message": "odd"}, "text", 7, None])
async def test_a_page_that_is_no_list_is_a_parse_error(pager: Any, body: Any) -> None:
    pages, _sent = await walk(lambda _request: httpx.Response(200, json=body), pager)

    assert [(page.last, page.reason) for page in pages] == [(True, Reason.PARSE_ERROR)]


@pytest.mark.parametrize("pager", [pages_until_empty, pages_by_link_or_short])
async def test_a_list_that_never_ends_is_ended(pager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "_MOST_PAGES", 3)
    pages, _sent = await walk(lambda _request: httpx.Response(200, json=[1] * 100), pager)

    assert shape(pages) == [(1, 100, False), (2, 100, False), (3, 100, True)]
    assert pages[-1].reason is Reason.TRUNCATED


async def test_partial_results_go_on_and_are_partial() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        items = [1] if request.url.params["page"] == "1" else []
        headers = {"x-github-sso": "partial-results; organizations=1"}
        return httpx.Response(200, json=items, headers=headers)

    pages, _sent = await walk(handler, pages_until_empty)

    assert [page.reason for page in pages] == [Reason.SSO_NOT_AUTHORIZED] * 2


async def test_links_are_followed_to_the_last() -> None:
    handler = listing({1: [1] * 50, 2: [1] * 100, 3: [1] * 100}, link=True)
    pages, sent = await walk(handler, pages_by_link_or_short)

    assert shape(pages) == [(1, 50, False), (2, 100, False), (3, 100, True)]
    assert sent == 3


async def test_a_list_can_be_resumed_at_a_page() -> None:
    handler = listing({1: [1] * 100, 2: [1] * 100, 3: [1] * 5})
    pages, sent = await walk(handler, pages_by_link_or_short, start=3)

    assert (shape(pages), sent) == ([(3, 5, True)], 1)


async def test_without_links_a_short_page_ends_and_a_full_one_does_not() -> None:
    pages, _sent = await walk(listing({1: [1] * 100}), pages_by_link_or_short)

    assert shape(pages) == [(1, 100, False), (2, 0, True)]


async def test_a_count_that_says_there_is_more_is_believed() -> None:
    handler = listing({1: [1] * 10, 2: [1] * 10, 3: [1] * 5}, key="variables")
    pages, _sent = await walk(handler, pages_of_key, key="variables", per_page=30)

    assert shape(pages) == [(1, 10, False), (2, 10, False), (3, 5, True)]
    assert {page.total for page in pages} == {25}


async def test_an_object_without_its_list_is_a_parse_error() -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"total_count": 1})

    pages, _sent = await walk(handler, pages_of_key, key="secrets")

    assert pages[-1].reason is Reason.PARSE_ERROR


async def test_a_link_to_another_host_is_not_followed() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        if request.url.params["page"] == "2":
            return httpx.Response(200, json=[1])
        link = '<https://evil.example/x?page=2>; rel="next"'
        return httpx.Response(200, json=[1], headers={"link": link})

    pages, _sent = await walk(handler, pages_by_link_or_short)

    assert shape(pages) == [(1, 1, False), (2, 1, True)]
    assert set(seen) == {"api.github.com"}


async def test_links_that_go_in_circles_are_a_partial_list() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[1], headers={"link": f'<{request.url}>; rel="next"'})

    pages, sent = await walk(handler, pages_by_link_or_short)

    assert (shape(pages), sent) == ([(1, 1, True)], 1)
    assert pages[-1].reason is Reason.TRUNCATED
