"""`pkginventory schedule`: a night every night, in the foreground."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.errors import UsageError
from pkginventory.options import COLLECT, ORGS, REPORT, RULES, Flags, takes
from pkginventory.starting import some_orgs, start

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from apscheduler.triggers.cron import CronTrigger

    from pkginventory.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""
    app.command("schedule")(schedule)


@takes(*ORGS, *REPORT, *RULES, *COLLECT)
def schedule(
    flags: Flags,
    *,
    at: Annotated[
        str | None, typer.Option("--at", metavar="HH:MM", help="Each day at this time.")
    ] = None,
    cron: Annotated[
        str | None, typer.Option("--cron", metavar="LINE", help="Or by a crontab line.")
    ] = None,
    tz: Annotated[
        str | None, typer.Option("--tz", metavar="ZONE", help="The time zone of both [UTC].")
    ] = None,
    jitter: Annotated[
        int, typer.Option("--jitter", min=0, help="Begin up to this many seconds later.")
    ] = 0,
    catch_up: Annotated[
        bool,
        typer.Option("--catch-up/--no-catch-up", help="Begin at once when a night was missed."),
    ] = True,
    health_file: Annotated[
        Path | None, typer.Option("--health-file", metavar="FILE", help="Keep this file current.")
    ] = None,
    healthz_port: Annotated[
        int | None,
        typer.Option("--healthz-port", metavar="PORT", help="Answer /healthz on 127.0.0.1."),
    ] = None,
) -> None:
    """Run `audit` every night, in the foreground, until SIGTERM.

    A night under way stops at its next checkpoint and goes on with the next one. Two never run at
    once, and a night that was missed is caught up at the start.
    """
    import asyncio

    from pkginventory.nightly import Nightly, missed, night_command

    settings = start(flags)
    trigger = _trigger(settings, at=at, cron=cron, tz=tz)
    from collector.run import utc_now

    last_end, now = _last_end(settings), _aware(utc_now())
    nightly = Nightly(
        night_command(_words(flags)),
        trigger=trigger,
        jitter=jitter,
        health_file=health_file or _path(settings.schedule.get("health_file")),
        healthz_port=healthz_port or _number(settings.schedule.get("healthz_port")),
    )
    at_once = catch_up and missed(trigger, last_end=last_end, now=now)
    asyncio.run(nightly.run(at_once=at_once))


def _trigger(
    settings: Settings, *, at: str | None, cron: str | None, tz: str | None
) -> CronTrigger:
    from pkginventory.nightly import trigger_at, trigger_cron

    table = settings.schedule
    zone = tz or table.get("tz", "UTC")
    if at and cron:
        raise UsageError("--at and --cron say the same thing twice.", hint="Keep one of them.")
    if at or (table.get("at") and not cron):
        return trigger_at(at or table["at"], tz=zone)
    if cron or table.get("cron"):
        return trigger_cron(cron or table["cron"], tz=zone)
    raise UsageError("When?", hint="For example --at 03:17 --tz Europe/Berlin.")


def _last_end(settings: Settings) -> datetime | None:
    """Return when the organization that was audited longest ago was; None: one never was."""
    from pkginventory.reporting import newest_end

    ends = [newest_end(settings, org) for org in some_orgs(settings)]
    known = [end for end in ends if end is not None]
    return _aware(min(known)) if len(known) == len(ends) else None


def _aware(moment: datetime) -> datetime:
    from datetime import UTC

    return moment.replace(tzinfo=UTC)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _words(flags: Flags) -> Sequence[str]:
    """Say again on a night's command line what was said on ours."""
    words: list[str] = []
    for name, value in flags.items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, bool):
            words.append(option if value else f"--no-{option[2:]}")
        elif isinstance(value, list):
            words.extend(word for item in value for word in (option, str(item)))
        elif value is not None:
            words.extend((option, str(value)))
    return words
