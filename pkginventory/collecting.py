"""Collect one organization: resume or start a crawl, keep it in its stage, publish and judge it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from collector.derive import derive_links
from collector.errors import StoppedError, UsageError
from collector.github.editions import edition_of
from collector.known import read_known
from collector.publish import StageSupersededError, publish
from collector.run import Run, new_run_id, run_lock, utc_now
from collector.stage import open_stage
from collector.stage_files import create_stage, discard_stage, find_stages, sort_stages
from collector.walk.context import Options
from collector.walk.crawl import crawl
from collector.walk.scope import Scope
from pkginventory.connecting import cache_of, describe, open_clients
from pkginventory.judging import judge_with
from pkginventory.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from collector.stage import Stage
    from collector.walk.context import CrawlSummary
    from collector.walk.progress import Progress
    from pkginventory.settings import Settings

_log = logging.getLogger(__name__)

# A run that ended longer ago is not what `collect` was asked for.
_SAME_NIGHT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Collected:
    """One organization, collected."""

    run_id: str
    requests: int
    exhausted: bool
    # the run's requests were spent before everything was asked
    resumed: bool


def collect(settings: Settings, org: str, *, progress: Progress) -> Collected:
    """Crawl one organization and publish what it said.

    Raises:
        InventoryError: what stops a run; what was read until then is kept in its stage.
    """
    # What is wrong with the rules or the names is said before hours of collecting, not after.
    judge_with(settings)
    scope_of(settings)
    with run_lock(settings.db, wait=settings.lock_timeout):
        finished = publish_finished(settings, org)
        if settings.resume and finished is not None and _is_tonights(finished):
            # Its process died between its last request and its publication.
            return Collected(finished.run_id, 0, exhausted=False, resumed=True)
        stage, resumed = _stage(settings, org)
        try:
            try:
                summary, who = asyncio.run(_crawl(settings, org, stage, progress))
            except asyncio.CancelledError:
                raise StoppedError(
                    f"The run {stage.run.run_id} was stopped; what it read is kept.",
                    hint="The next `pkginventory collect` goes on with it.",
                ) from None
            for sentence in summary.warnings:
                _log.warning("%s", sentence)
            stage.finish(ended_at=utc_now(), warnings=summary.warnings, credentials=who)
        finally:
            stage.close()
        _publish(settings, stage.path)
    return Collected(stage.run.run_id, summary.requests, summary.exhausted, resumed)


def publish_waiting(settings: Settings, org: str) -> None:
    """Publish what earlier runs finished, if there is any and no other process is about to."""
    if sort_stages(find_stages(settings.db, org=org), now=utc_now()).finished:
        with run_lock(settings.db, wait=settings.lock_timeout):
            publish_finished(settings, org)


def publish_finished(settings: Settings, org: str) -> Run | None:
    """Publish what earlier runs finished and could not publish, the oldest first.

    Returns:
        The newest of them; None where there was none.
    """
    newest = None
    for file in sort_stages(find_stages(settings.db, org=org), now=utc_now()).finished:
        _log.info("Publishing run %s, which an earlier process finished.", file.run.run_id)
        try:
            _publish(settings, file.path)
            newest = file.run
        except StageSupersededError as error:
            _log.warning("%s %s", error, error.hint)
    return newest


def repositories_named_in(path: Path) -> frozenset[str]:
    """Read the names of `--repos-from`: one a line, `#` begins a comment.

    Raises:
        UsageError: the file can't be read or names nothing.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read: {error}.") from error
    names = frozenset(name for line in lines if (name := line.partition("#")[0].strip()))
    if not names:
        raise UsageError(f"{path} names no repository.", hint="One name a line: shop or acme/shop.")
    return names


def _stage(settings: Settings, org: str) -> tuple[Stage, bool]:
    """Return the stage to write to, and whether it goes on with an earlier run."""
    plan = sort_stages(find_stages(settings.db, org=org), now=utc_now())
    for file in plan.outdated:
        _log.warning(
            "Run %s was never finished and is too old to go on with; starting afresh.",
            file.run.run_id,
        )
        discard_stage(file.path)
    if plan.resumable is not None:
        if settings.resume and plan.resumable.run.api_url == settings.api_url:
            _log.info("Going on with run %s.", plan.resumable.run.run_id)
            return open_stage(plan.resumable.path), True
        discard_stage(plan.resumable.path)
    return create_stage(settings.db, _new_run(settings, org)), False


def _is_tonights(run: Run) -> bool:
    """Tell whether a run ended so lately that the command means it, and no other."""
    return run.ended_at is not None and utc_now() - run.ended_at < _SAME_NIGHT


def _new_run(settings: Settings, org: str) -> Run:
    edition = edition_of(settings.api_url)
    started = utc_now()
    options = {
        "include": list(settings.include),
        "exclude": list(settings.exclude),
        "repos_from": str(settings.repos_from) if settings.repos_from else None,
        "full": settings.full,
        "max_requests": settings.max_requests,
        "settings_budget": settings.settings_budget,
        "replayed": settings.replay is not None,
    }
    return Run(
        run_id=new_run_id(org, started_at=started),
        org=org,
        api_url=settings.api_url,
        web_url=edition.web_url,
        edition=str(edition.kind),
        started_at=started,
        tool_version=VERSION,
        options=options,
    )


async def _crawl(
    settings: Settings, org: str, stage: Stage, progress: Progress
) -> tuple[CrawlSummary, list[Mapping[str, object]]]:
    task = asyncio.current_task()
    if task is not None:
        with contextlib.suppress(NotImplementedError):
            # A service manager stops us: the crawl ends at its next checkpoint and is resumed.
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with AsyncExitStack() as stack:
        cache = stack.enter_context(cache_of(settings))
        clients = await open_clients(settings, org, progress, stack, cache=cache)
        who = [await describe(client) for client in clients.distinct]
        summary = await crawl(
            org=org,
            api=clients.general,
            packages_api=clients.packages,
            stage=stage,
            known=read_known(settings.db, org, lock_timeout=settings.lock_timeout),
            inventory=settings.db,
            scope=scope_of(settings),
            options=Options(
                full=settings.full,
                graphql=settings.graphql,
                settings_budget=settings.settings_budget,
                replayed=settings.replay is not None,
            ),
            progress=progress,
        )
        if clients.not_modified:
            _log.info("%s: %s answers were not modified.", org, f"{clients.not_modified:,}")
        return summary, [{**one, "role": summary.roles.get(str(one["name"]))} for one in who]


def scope_of(settings: Settings) -> Scope:
    """Say which repositories' files and settings are read."""
    names = repositories_named_in(settings.repos_from) if settings.repos_from else None
    return Scope(include=settings.include, exclude=settings.exclude, names=names)


def _publish(settings: Settings, stage: Path) -> None:
    publish(
        settings.db,
        stage,
        link=derive_links,
        judge=judge_with(settings),
        lock_timeout=settings.lock_timeout,
    )
