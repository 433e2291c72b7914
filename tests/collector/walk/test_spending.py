"""The settings budget."""

from collector.walk.spending import Purse


def test_a_purse_never_gives_more_than_it_holds() -> None:
    """Not even a part of what is asked."""
    purse = Purse(5)

    assert [purse.take(3), purse.take(3), purse.take(2)] == [True, False, True]
    assert (purse.left, purse.spent) == (0, 5)


def test_parts_come_out_of_the_whole_and_may_come_back() -> None:
    """What one family does not need another may spend."""
    whole = Purse(100)
    part = whole.part(4)
    part.take(5)
    whole.add(part)

    assert (part.left, whole.left) == (0, 95)


def test_an_unlimited_purse_stays_unlimited() -> None:
    """So do its parts."""
    whole = Purse(None)

    assert whole.part(4).left is None
    assert whole.take(10**9)
    assert whole.sentence(3) == ""


def test_what_is_left_is_said() -> None:
    """Only when something is."""
    assert "7 are left" in Purse(0).sentence(7)
    assert Purse(0).sentence(0) == ""
