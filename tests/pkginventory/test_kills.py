from pathlib import Path

from tests.benchmarks.kills import kill_over_and_over


def test_after_kills_at_random_moments_the_report_is_that_of_an_undisturbed_run(
    tmp_path: Path,
) -> None:
    """Nothing that was stored is asked again, and the inventory opens after every kill."""
    *_, (tally, last) = kill_over_and_over(tmp_path, kills=6, seed=3)

    assert tally.kills == 6
    assert tally.asked_again == []
    assert list(last.folder.glob("inventory.duckdb-stages/*")) == []
