from pathlib import Path
from typing import Any

import pytest

from collector.linking import Linked, merge_links
from collector.run_rows import read_run
from collector.store import open_inventory
from tests.collector.nights import (
    fetch,
    intervals,
    open_keys,
    publish_night,
    repositories,
    repository,
    run_of,
)

TWO = [repositories(repository(1), repository(2))]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "acme.duckdb"


def _login(number: int, name: str = "GHCR_PAT", **columns: Any) -> dict[str, Any]:
    return {
        "repository_id": number,
        "path": ".github/workflows/x.yml",
        "job": "build",
        "form": "docker/login-action",
        "registry": "container",
        "credential": "pat",
        "credential_name": name,
        "ordinal": 0,
        **columns,
    }


def _reference(number: int, host: str | None) -> dict[str, Any]:
    return {
        "repository_id": number,
        "path": ".github/workflows/x.yml",
        "job": "build",
        "kind": "docker_push",
        "registry": "container",
        "host": host,
        "operation": "push",
        "ordinal": 0,
        "resolved": host is not None,
    }


def _publish(db: Path, number: int, *linked: Linked) -> None:
    publish_night(db, number, TWO, link=lambda _con, _run: linked)


def _both(**columns: Any) -> list[Linked]:
    return [
        Linked(repository_id=number, registry_logins=[_login(number, **columns)])
        for number in (1, 2)
    ]


def test_a_repository_that_is_not_spoken_of_keeps_its_logins(db: Path) -> None:
    _publish(db, 0, *_both())
    _publish(db, 1, Linked(repository_id=1))

    assert open_keys(db, "registry_login", "repository_id") == [2]
    assert fetch(
        db,
        "select subject, status from coverage where family = 'links' and valid_to_run is null"
        " order by all",
    ) == [("1", "complete"), ("2", "carried")]


def test_a_repository_that_could_not_be_linked_keeps_its_logins(db: Path) -> None:
    _publish(db, 0, *_both())
    _publish(db, 1, Linked(repository_id=1, status="failed", reason="too_deep"))

    assert open_keys(db, "registry_login", "repository_id") == [1, 2]


def test_an_unchanged_repository_keeps_its_logins_and_stays_complete(db: Path) -> None:
    _publish(db, 0, *_both())
    _publish(db, 1, *(Linked(repository_id=number, status="unchanged") for number in (1, 2)))

    assert intervals(db, "registry_login") == [(0, None), (0, None)]
    assert fetch(db, "select distinct status from coverage where family = 'links'") == [
        ("complete",)
    ]


def test_a_row_that_does_not_fit_is_refused_and_nothing_is_published(db: Path) -> None:
    broken = Linked(repository_id=1, registry_logins=[{"repository_id": 1}])

    with pytest.raises(ValueError, match=r"registry_login\.path must not be null"):
        _publish(db, 0, broken)
    assert fetch(db, "from run") == []


def test_logins_are_kept_as_intervals(db: Path) -> None:
    _publish(db, 0, *_both(line=3))
    _publish(db, 1, *_both(line=3))
    _publish(db, 2, *_both(line=4))

    assert intervals(db, "registry_login", "repository_id = 1") == [(0, 2), (2, None)]


def test_of_two_rows_with_one_key_the_last_counts(db: Path) -> None:
    rows = [_login(1, line=3), _login(1, line=4)]
    _publish(db, 0, Linked(repository_id=1, registry_logins=rows))

    assert open_keys(db, "registry_login", "line") == [4]


def test_references_whose_key_has_gaps_are_the_same_row_every_night(db: Path) -> None:
    for number in range(2):
        rows = [_reference(1, None), _reference(1, "ghcr.io")]
        _publish(db, number, Linked(repository_id=1, package_references=rows))

    assert intervals(db, "package_reference") == [(0, None), (0, None)]


def test_logins_go_with_their_repository(db: Path) -> None:
    _publish(db, 0, *_both())
    publish_night(db, 1, [repositories(repository(2))], link=lambda _con, _run: [])

    assert open_keys(db, "registry_login", "repository_id") == [2]
    assert open_keys(db, "coverage", "subject") == ["", "2"]


def test_the_linker_may_read_from_the_connection_while_it_speaks(db: Path) -> None:
    def link(con: Any, run: Any) -> Any:
        for (number,) in con.execute("select repository_id from repository").fetchall():
            yield Linked(repository_id=number, registry_logins=[_login(number)])

    publish_night(db, 0, TWO, link=link)

    assert open_keys(db, "registry_login", "repository_id") == [1, 2]


def test_linking_the_newest_run_again_leaves_no_empty_interval(db: Path) -> None:
    _publish(db, 0, *_both(line=3))
    with open_inventory(db) as con:
        con.begin()
        merge_links(con, read_run(con, run_of(0).run_id), _both(line=4))
        con.commit()

    assert intervals(db, "registry_login") == [(0, None), (0, None)]
    assert open_keys(db, "registry_login", "line") == [4, 4]


def test_a_login_that_linking_again_no_longer_finds_was_never_there(db: Path) -> None:
    _publish(db, 0, *_both())
    with open_inventory(db) as con:
        con.begin()
        merge_links(con, read_run(con, run_of(0).run_id), [Linked(repository_id=1)])
        con.commit()

    assert fetch(db, "select repository_id from registry_login") == [(2,)]
