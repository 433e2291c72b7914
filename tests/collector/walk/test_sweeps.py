"""Package lists, and what visibility a package has after all of them."""

import pytest

from collector.github.editions import edition_of
from collector.walk.sweeps import Pass, decide, granular_types, sweeps


@pytest.mark.parametrize(
    ("api_url", "internal"),
    [
        ("https://api.github.com", ["container", "npm", "nuget", "rubygems"]),
        ("https://ghes.example/api/v3", ["container"]),
        ("https://api.acme.ghe.com", ["container", "npm", "nuget", "rubygems"]),
    ],
)
def test_internal_is_swept_for_granular_types_only_and_last(
    api_url: str, internal: list[str]
) -> None:
    """Elsewhere the filter means private."""
    found = list(sweeps(granular_types(edition_of(api_url))))

    assert [sweep.subject for sweep in found[:2]] == ["container/public", "container/private"]
    assert [sweep.package_type for sweep in found[12:]] == internal
    assert {sweep.visibility for sweep in found[12:]} == {"internal"}


@pytest.mark.parametrize(
    ("sweep", "field", "ignored", "visibility", "disagrees"),
    [
        ("public", "public", False, "public", False),
        ("private", None, False, "private", False),
        ("private", "martian", False, "private", False),
        ("internal", "private", False, "internal", False),
        ("internal", "internal", False, "internal", False),
        ("private", "internal", False, "internal", False),
        ("public", "private", False, "private", True),
        ("private", "public", False, "public", True),
        ("internal", "public", True, "public", True),
        ("internal", "private", True, "private", True),
    ],
)
def test_the_sweep_decides_unless_the_field_contradicts_it(
    sweep: str, field: str | None, ignored: bool, visibility: str, disagrees: bool
) -> None:
    """GitHub's field has no `internal`: that is no contradiction while the filter is minded."""
    decided = decide(sweep, field, filter_ignored=ignored)

    assert (decided.visibility, decided.disagrees) == (visibility, disagrees)


@pytest.mark.parametrize(
    ("pages", "moved"),
    [
        ([[1, 2], [3, 4], [5]], False),
        ([[1, 2, 3], [4, 5, 6]], False),
        ([[1, 2], [2, 3], [4]], True),
        ([[1, 2], [3], [4, 5]], True),
        ([], False),
    ],
)
def test_a_list_moved_when_a_package_comes_twice_or_a_page_in_the_middle_is_short(
    pages: list[list[int]], moved: bool
) -> None:
    """A short last page is how every list ends."""
    reading, known = Pass(), set[int]()
    for ids in pages:
        reading.add(ids, size=len(ids), known=known, first=True)
        known |= set(ids)

    assert reading.moved(first=True) is moved
    assert Pass.resumed(reading.state()) == reading
