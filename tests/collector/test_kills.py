from pathlib import Path

from tests.collector.kills import crawl_one_night, everything, nights_with_kills


def test_after_kills_at_random_moments_the_inventory_equals_that_of_quiet_nights(
    tmp_path: Path,
) -> None:
    killed, quiet = tmp_path / "killed.duckdb", tmp_path / "quiet.duckdb"

    *_, (nights, _) = nights_with_kills(killed, kills=15, seed=7, longest=0.7)
    for number in range(nights):
        crawl_one_night(quiet, number)

    assert everything(quiet) == everything(killed)
    assert list((tmp_path / "killed.duckdb-stages").iterdir()) == []
