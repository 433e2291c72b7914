from pathlib import Path

from tests.collector.growth import grow
from tests.collector.nights import fetch


def test_quiet_nights_add_almost_nothing(tmp_path: Path) -> None:
    db = tmp_path / "x.duckdb"

    measures = list(grow(db, repositories=60, nights=8))

    # Free blocks of 256 kB come and go; what matters is that rows do not pile up night by night.
    assert measures[-1].megabytes < measures[2].megabytes + 3
    assert fetch(db, "select count(*) from repository") == [(60,)]
    assert fetch(db, "select count(*) from package") == [(120,)]
    one_row_a_subject = 2 + 60 * 2 + 24 * 6  # lists, trees and links, settings of eight nights
    assert fetch(db, "select count(*) from coverage") == [(one_row_a_subject,)]
