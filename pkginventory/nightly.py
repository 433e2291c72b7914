"""The scheduler: one job, the night, as a process of its own; it waits, starts it, and stops it cleanly."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from collector.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_log = logging.getLogger(__name__)

# How long a night that was asked to stop may take to reach its next checkpoint.
_STOP_SECONDS: Final = 120.0
_STARTED_LATE: Final = timedelta(hours=6)
_FIELDS: Final = ("minute", "hour", "day", "month", "day_of_week")
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LOOPBACK: Final = "127.0.0.1"
_HTTP_OK: Final = "200 OK"
_HTTP_FAILED: Final = "503 Service Unavailable"
_COULD_NOT_RUN: Final = (2, 3)


def trigger_at(at: str, *, tz: str) -> CronTrigger:
    """Return the trigger of `HH:MM` each day in a time zone.

    Raises:
        UsageError: that is no time, or no zone.
    """
    try:
        moment = datetime.strptime(at, "%H:%M")  # noqa: DTZ007 - a time of day in `tz`
    except ValueError as error:
        raise UsageError(f"{at!r} is no time of day.", hint="For example --at 03:17.") from error
    return CronTrigger(hour=moment.hour, minute=moment.minute, timezone=_zone(tz))


def trigger_cron(cron: str, *, tz: str) -> CronTrigger:
    """Return the trigger of a crontab line, in which 0 and 7 are Sunday.

    Raises:
        UsageError: that is no crontab line, or no zone.
    """
    words = cron.split()
    if len(words) != len(_FIELDS):
        raise UsageError(
            f"{cron!r} is no crontab line.", hint='Five fields, as in --cron "17 3 * * mon-fri".'
        )
    fields = dict(zip(_FIELDS, words, strict=True))
    # APScheduler counts days from Monday, crontab from Sunday: names mean the same to both.
    fields["day_of_week"] = _named_days(fields["day_of_week"])
    try:
        return CronTrigger(**fields, timezone=_zone(tz))
    except ValueError as error:
        raise UsageError(f"{cron!r} is no crontab line: {error}.") from error


def _named_days(text: str) -> str:
    named = []
    for part in text.split(","):
        span, slash, step = part.partition("/")
        ends = [_DAYS[int(end) % 7] if end.isdigit() else end for end in span.split("-")]
        if ends[0] == "sun" and len(ends) > 1:
            # A span that begins on Sunday ends behind Saturday for APScheduler: say both parts.
            named.append(f"sun{slash}{step}")
            ends[0] = "mon"
        named.append("-".join(ends) + slash + step)
    return ",".join(named)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"There is no time zone {name!r}.", hint="For example --tz Europe/Berlin."
        ) from error


def missed(trigger: CronTrigger, *, last_end: datetime | None, now: datetime) -> bool:
    """Tell whether a night was due since the last one ended; without any, one is due."""
    if last_end is None:
        return True
    due = trigger.get_next_fire_time(None, last_end)
    return due is not None and due <= now


@dataclass(slots=True)
class Health:
    """What a watcher wants to know of the scheduler."""

    status: str = "waiting"
    next_night: str | None = None
    last_started: str | None = None
    last_ended: str | None = None
    last_exit_code: int | None = None

    @property
    def well(self) -> bool:
        """Tell whether the last night could run; a finding is no illness."""
        return self.last_exit_code not in _COULD_NOT_RUN

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps({**asdict(self), "well": self.well, "pid": os.getpid()})


class Nightly:
    """Waits for the hour, runs the night, never two at once."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        trigger: CronTrigger,
        jitter: int = 0,
        health_file: Path | None = None,
        healthz_port: int | None = None,
    ) -> None:
        self._command = command
        self._trigger = trigger
        self._trigger.jitter = jitter or None
        self._health_file = health_file
        self._healthz_port = healthz_port
        self._due = asyncio.Event()
        self._stop = asyncio.Event()
        self._health = Health()

    async def run(self, *, at_once: bool) -> None:
        """Run until SIGTERM or SIGINT; a night under way stops at its next checkpoint first.

        Args:
            at_once: a night was missed and begins now.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        scheduler = AsyncIOScheduler(timezone=self._trigger.timezone)
        job = scheduler.add_job(
            self._fall_due,
            self._trigger,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=int(_STARTED_LATE.total_seconds()),
        )
        scheduler.start()
        server = await self._serve()
        if at_once:
            self._due.set()
        try:
            while await self._wait(job):
                await self._night()
        finally:
            scheduler.shutdown(wait=False)
            if server is not None:
                server.close()
        self._say(status="stopped", next_night=None)

    async def _fall_due(self) -> None:
        self._due.set()

    async def _wait(self, job: Any) -> bool:
        """Wait until a night is due; False when the scheduler is to stop."""
        next_time = job.next_run_time
        self._say(status="waiting", next_night=_stamp(next_time) if next_time else None)
        _log.info("The next night begins at %s.", next_time)
        waits = [asyncio.create_task(event.wait()) for event in (self._due, self._stop)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self._due.clear()
        return not self._stop.is_set()

    async def _night(self) -> None:
        """Run the night in a process of its own: what it used goes back when it ends."""
        self._say(status="running", last_started=_stamp(datetime.now(UTC)))
        process = await asyncio.create_subprocess_exec(*self._command)
        ended = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            _log.info("Stopping the night at its next checkpoint.")
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(asyncio.shield(ended), _STOP_SECONDS)
            except TimeoutError:
                process.kill()
        stopping.cancel()
        code = await ended
        _log.log(logging.INFO if code == 0 else logging.WARNING, "The night ended with %d.", code)
        # What fell due meanwhile is the night that has just ended.
        self._due.clear()
        self._say(status="waiting", last_ended=_stamp(datetime.now(UTC)), last_exit_code=code)

    def _say(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self._health, name, value)
        if self._health_file is not None:
            unfinished = self._health_file.with_name(f".{self._health_file.name}.{os.getpid()}")
            unfinished.write_text(self._health.text() + "\n", encoding="utf-8")
            unfinished.replace(self._health_file)

    async def _serve(self) -> asyncio.Server | None:
        if self._healthz_port is None:
            return None
        try:
            return await asyncio.start_server(self._answer, _LOOPBACK, self._healthz_port)
        except OSError as error:
            raise UsageError(
                f"Port {self._healthz_port} can't be listened on: {error.strerror}.",
                hint="Choose another with --healthz-port.",
            ) from error

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(5):
                line = await reader.readline()
            found = line.startswith(b"GET /healthz")
            status = (_HTTP_OK if self._health.well else _HTTP_FAILED) if found else "404 Not Found"
            body = self._health.text().encode() if found else b"{}"
            head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n"
            writer.write(head.encode() + f"content-length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
        except (TimeoutError, ConnectionError, ValueError):
            _log.debug("A health check went away.")
        finally:
            writer.close()


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def night_command(words: Sequence[str]) -> list[str]:
    """Return the command line of one night."""
    return [sys.executable, "-m", "pkginventory", "audit", *words]
