"""How many repositories a query asks for."""

from collector.walk.pagesize import PageSize


def test_failures_halve_down_to_one() -> None:
    """25, 12, 6, 3, 1 and no further."""
    size = PageSize()
    seen = []
    for _ in range(6):
        size.failed(size.current)
        seen.append(size.current)

    assert seen == [12, 6, 3, 1, 1, 1]


def test_a_late_failure_of_a_large_page_does_not_grow_the_size() -> None:
    """Another worker may have shrunk it already."""
    size = PageSize(current=3)
    size.failed(25)

    assert size.current == 3


def test_successes_grow_it_again_up_to_the_largest() -> None:
    """One slow moment does not cost the whole night."""
    size = PageSize(current=6)
    for _ in range(40):
        size.succeeded()

    assert size.current == 25
