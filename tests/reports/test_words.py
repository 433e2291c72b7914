"""Numbers and words of the report."""

import pytest

from collector import sqlfiles
from reports import words


def test_a_share_is_never_rounded_up_to_a_hundred() -> None:
    """One of ten thousand missing is 99.9 percent, not 100."""
    assert words.percent(9_999, 10_000) == 99.9
    assert words.percent(10_000, 10_000) == 100
    assert words.percent(0, 0) == 100


def test_every_kind_of_unknown_has_reasons() -> None:
    """Each reason code belongs to one of three kinds, and each kind has some."""
    kinds = {kind for kind, _, _ in words.UNKNOWN_REASONS.values()}

    assert kinds == set(words.UNKNOWN_KINDS)
    assert words.unknown_kind("no_api") == words.NO_API_TELLS
    assert words.unknown_kind("a code of a user's rule") == words.COULD_NOT_READ


def test_contradictions_rank_first() -> None:
    """Of all that is not known, what contradicts itself is looked at first."""
    query = (sqlfiles.summaries_dir() / "report_rows.sql").read_text(encoding="utf-8")

    assert query.index("contradicted") < query.index("no_api")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_read_like_sentences(parts: list[str], expected: str) -> None:
    """The last two parts are joined by a word."""
    assert words.join(parts) == expected


def test_counts_have_their_noun() -> None:
    """One package, two packages, two repositories."""
    assert words.count(1, "package") == "1 package"
    assert words.count(1_482, "package") == "1,482 packages"
    assert words.count(2, "repository", "repositories") == "2 repositories"
