"""The scheduler: when a night is due, that it is one process, and how it stops."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import UsageError
from pkginventory.nightly import Nightly, missed, trigger_at, trigger_cron

NEVER = trigger_at("00:00", tz="UTC")
QUICK = "import time; time.sleep(0)"
# Stops as a crawl does: at its next checkpoint, keeping what it has.
PATIENT = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path(sys.argv[1]).write_text("kept"), sys.exit(3)))
pathlib.Path(sys.argv[2]).write_text("started")
time.sleep(60)
"""


@pytest.mark.parametrize("at", ["", "3", "25:00", "03:60", "3am"])
def test_what_is_no_time_of_day_is_refused(at: str) -> None:
    with pytest.raises(UsageError, match="no time of day"):
        trigger_at(at, tz="UTC")


@pytest.mark.parametrize("cron", ["", "* * * *", "* * * * * *", "61 * * * *", "17 3 * * nosuchday"])
def test_what_is_no_crontab_line_is_refused(cron: str) -> None:
    with pytest.raises(UsageError, match="no crontab line"):
        trigger_cron(cron, tz="UTC")


def test_what_is_no_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="no time zone"):
        trigger_at("03:17", tz="Mars/Olympus")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("0", {6}),
        ("7", {6}),
        ("1", {0}),
        ("1-5", {0, 1, 2, 3, 4}),
        ("0-2", {6, 0, 1}),
        ("sun,3", {6, 2}),
        ("*", set(range(7))),
    ],
)
def test_days_are_counted_as_crontab_counts_them(days: str, expected: set[int]) -> None:
    trigger = trigger_cron(f"17 3 * * {days}", tz="UTC")
    moment, found = datetime(2026, 11, 1, tzinfo=UTC), set()

    for _ in range(7):
        moment = trigger.get_next_fire_time(None, moment)
        found.add(moment.weekday())
        moment += timedelta(minutes=1)

    assert found == expected


def test_the_hour_is_that_of_the_zone_on_both_sides_of_summer_time() -> None:
    trigger = trigger_at("03:17", tz="Europe/Berlin")

    winter = trigger.get_next_fire_time(None, datetime(2026, 1, 5, 12, tzinfo=UTC))
    summer = trigger.get_next_fire_time(None, datetime(2026, 7, 5, 12, tzinfo=UTC))

    assert (winter.astimezone(UTC).hour, summer.astimezone(UTC).hour) == (2, 1)


@pytest.mark.parametrize(
    ("last_end", "expected"),
    [
        (None, True),
        (datetime(2026, 11, 22, 3, 40, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 3, 40, tzinfo=UTC), False),
    ],
)
def test_a_missed_night_is_noticed(last_end: datetime | None, expected: bool) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert missed(trigger_at("03:17", tz="UTC"), last_end=last_end, now=now) is expected


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.02)


def read(path: Path) -> dict[str, object]:
    """Read a health file, empty while there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@pytest.mark.parametrize(
    ("code", "well"), [(0, True), (1, True), (4, True), (3, False), (2, False)]
)
async def test_a_night_runs_and_its_outcome_is_told(tmp_path: Path, code: int, well: bool) -> None:
    health = tmp_path / "health.json"
    command = [sys.executable, "-c", f"raise SystemExit({code})"]
    nightly = Nightly(command, trigger=NEVER, health_file=health)

    running = asyncio.create_task(nightly.run(at_once=True))
    await until(lambda: read(health).get("last_ended"))
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)

    told = read(health)
    assert (told["last_exit_code"], told["well"], told["status"]) == (code, well, "stopped")


async def test_a_night_under_way_is_asked_to_stop_and_waited_for(tmp_path: Path) -> None:
    kept, started = tmp_path / "kept", tmp_path / "started"
    command = [sys.executable, "-c", PATIENT, str(kept), str(started)]

    running = asyncio.create_task(Nightly(command, trigger=NEVER).run(at_once=True))
    await until(started.exists)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 20)

    assert kept.read_text(encoding="utf-8") == "kept"


async def test_healthz_answers_on_loopback(unused_tcp_port: int) -> None:
    nightly = Nightly([sys.executable, "-c", QUICK], trigger=NEVER, healthz_port=unused_tcp_port)
    running = asyncio.create_task(nightly.run(at_once=False))

    async def ask(path: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        text = (await reader.read()).decode()
        writer.close()
        return text

    await asyncio.sleep(0.1)
    well, other = await ask("/healthz"), await ask("/secrets")
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)

    assert well.startswith("HTTP/1.1 200 OK")
    assert json.loads(well.partition("\r\n\r\n")[2])["status"] == "waiting"
    assert other.startswith("HTTP/1.1 404")
