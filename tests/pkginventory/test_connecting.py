"""What earlier nights kept: an answer that has not changed costs nothing, and says the same."""

from __future__ import annotations

import sqlite3
import stat
from typing import TYPE_CHECKING

from collector.run import run_lock
from pkginventory.connecting import cache_file
from tests.fake_github.worlds import small

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_github import FakeGitHub, World
    from tests.pkginventory.tools import Desk

    Serve = Callable[[World], FakeGitHub]

PACKAGES = "select package_type, name, visibility, repository from packages order by all"


def test_the_second_nights_lists_are_not_modified_and_the_inventory_is_the_same(
    desk: Desk, serve: Serve
) -> None:
    server = serve(small())
    desk.at(server).ask("collect")
    first = desk.query(PACKAGES)
    server.forget()

    ran = desk.ask("collect")

    lists = [one for one in server.requests if one.path.endswith("/packages")]
    assert {one.status for one in lists} == {304}
    assert "answers were not modified" in ran.err
    assert desk.query(PACKAGES) == first
    assert desk.query("select distinct status from coverage_now where family = 'packages'") == [
        ("complete",)
    ]


def test_what_changed_is_told_although_the_rest_was_not_modified(desk: Desk, serve: Serve) -> None:
    server = serve(small())
    desk.at(server).ask("collect")
    server.world["acme"].package("npm", "fresh", visibility="private")
    server.forget()

    desk.ask("collect")

    assert ("npm", "fresh", "private", None) in desk.query(PACKAGES)
    assert {one.status for one in server.requests if one.path.endswith("/packages")} == {200, 304}


def test_another_token_of_the_same_name_is_never_shown_what_the_first_one_saw(
    desk: Desk, serve: Serve
) -> None:
    server = serve(small())
    desk.at(server, "owner").ask("collect")
    desk.at(server, "outsider").ask("collect")

    assert {row[2] for row in desk.query(PACKAGES) if row[0] == "container"} >= {"public"}
    newest = desk.query(
        "select status, count(*) from request join current_run using (run_id) group by all"
    )
    assert 304 not in dict(newest)


def test_a_full_run_keeps_nothing_and_believes_nothing_kept(desk: Desk, serve: Serve) -> None:
    server = serve(small())
    desk.at(server).ask("collect")
    server.forget()

    desk.ask("collect", "--full")

    assert 304 not in {one.status for one in server.requests}


def test_the_file_is_its_owners_alone_and_holds_no_credential(desk: Desk, serve: Serve) -> None:
    server = serve(small())
    desk.at(server).ask("collect")
    file = cache_file(desk.db)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with sqlite3.connect(file) as con:
        (kept,) = con.execute("select count(*) from kept").fetchone()
    con.close()
    assert kept > 10
    assert server.token("owner").encode() not in file.read_bytes()


def test_a_damaged_file_is_an_error_that_says_what_to_do(desk: Desk, serve: Serve) -> None:
    cache_file(desk.db).write_bytes(b"no database " * 200)

    ran = desk.at(serve(small())).ask("collect")

    assert ran.code == 3
    assert "Delete it" in ran.err


def test_of_two_processes_on_one_store_the_second_says_so_and_asks_nothing(
    desk: Desk, serve: Serve
) -> None:
    server = serve(small())
    with run_lock(desk.db):
        ran = desk.at(server).ask("collect", "--lock-timeout", "0")

    assert ran.code == 3
    assert "process" in ran.err
    assert server.requests == []
