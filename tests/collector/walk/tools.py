"""One night against the fake GitHub: a real client, a real stage, a real inventory."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from collector.derive import derive_links
from collector.github.auth import Token
from collector.github.client import ClientOptions, GitHub
from collector.github.editions import edition_of
from collector.github.governor import Budget, Clock
from collector.github.limits import LimitPolicy
from collector.known import read_known
from collector.publish import publish
from collector.run import Run, new_run_id, utc_now
from collector.stage import Stage, open_stage
from collector.stage_files import create_stage
from collector.walk.context import CrawlSummary, Options
from collector.walk.crawl import crawl
from collector.walk.progress import Progress, Silent
from collector.walk.rows import FILE_COLUMNS
from collector.walk.scope import Scope
from tests.fake_github import FakeGitHub

EVERYTHING = Scope()


@dataclass(slots=True)
class Time:
    """Time that passes when somebody waits, on both sides of the wire."""

    offset: float = 0.0
    waits: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.offset += seconds
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def monotonic(self) -> float:
        """Return a time that only grows."""
        return time.monotonic() + self.offset

    def wall(self) -> datetime:
        """Return the time of day."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def stamp(self) -> float:
        """Return the time of day as the server has it."""
        return time.time() + self.offset


@dataclass(slots=True)
class Seen:
    """What one crawl has put into its stage."""

    stage: Stage
    summary: CrawlSummary

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return columns of a table."""
        return self.stage.rows(table, *columns)

    def files(self) -> list[tuple[Any, ...]]:
        """Return all that is known of every file."""
        return self.rows("workflow_file", *FILE_COLUMNS)

    def coverage(self, family: str) -> dict[str, tuple[str, str | None]]:
        """Return status and reason of every subject of a family."""
        found = self.stage.rows("coverage", "subject", "status", "reason", family=family)
        return {subject: (status, reason) for subject, status, reason in found}


@dataclass(slots=True)
class Nights:
    """One inventory, and the nights that fill it."""

    server: FakeGitHub
    db: Path
    profile: str = "owner"
    packages: str = ""
    # Another profile for packages; empty: the same.
    time: Time = field(default_factory=Time)
    stages: list[Stage] = field(default_factory=list)

    def crawl(
        self,
        stage: Stage,
        *,
        options: Options | None = None,
        scope: Scope = EVERYTHING,
        max_requests: int | None = None,
        progress: Progress | None = None,
        org: str = "acme",
        cancel_after: float | None = None,
    ) -> CrawlSummary:
        """Crawl into a stage; cancelled after some seconds where that is asked for."""

        async def go() -> CrawlSummary:
            budget = Budget(max_requests)
            task = asyncio.current_task()
            if cancel_after is not None and task is not None:
                asyncio.get_running_loop().call_later(cancel_after, task.cancel)
            async with (
                self._client(self.profile, "general", budget) as api,
                self._client(self.packages or self.profile, "packages", budget) as packages_api,
            ):
                return await crawl(
                    org=org,
                    api=api,
                    packages_api=packages_api,
                    stage=stage,
                    known=read_known(self.db, org),
                    inventory=self.db,
                    scope=scope,
                    options=options or Options(),
                    progress=progress or Silent(),
                )

        return asyncio.run(go())

    def night(self, **how: Any) -> CrawlSummary:
        """Crawl a whole night and publish it."""
        with self.stage() as stage:
            summary = self.crawl(stage, **how)
            stage.finish(ended_at=utc_now(), warnings=summary.warnings)
        self.publish(stage.path)
        return summary

    def once(self, **how: Any) -> Seen:
        """Crawl one night and look at its stage, which is quicker than to publish it."""
        stage = self.stage()
        self.stages.append(stage)
        return Seen(stage, self.crawl(stage, **how))

    def close(self) -> None:
        """Close the stages that were looked at."""
        for stage in self.stages:
            stage.close()

    def publish(self, path: Path) -> None:
        """Publish a finished stage."""
        publish(self.db, path, link=derive_links)

    def stage(self, org: str = "acme") -> Stage:
        """Begin a run."""
        edition = edition_of(self.server.url)
        started = utc_now()
        run = Run(
            run_id=new_run_id(org, started_at=started),
            org=org,
            api_url=self.server.url,
            web_url=edition.web_url,
            edition=str(edition.kind),
            started_at=started,
            tool_version="0",
        )
        return create_stage(self.db, run)

    def resume(self, path: Path) -> Stage:
        """Go on with a run."""
        return open_stage(path)

    def rows(self, query: str) -> list[Any]:
        """Ask the inventory."""
        with duckdb.connect(str(self.db), read_only=True) as con:
            return con.sql(query).fetchall()

    def coverage(self, family: str) -> dict[str, tuple[str, str | None]]:
        """Return status and reason of every subject of a family."""
        found = self.rows(
            "select subject, status, reason from coverage"
            f" where family = '{family}' and valid_to_run is null"
        )
        return {subject: (status, reason) for subject, status, reason in found}

    def _client(self, profile: str, name: str, budget: Budget) -> GitHub:
        clock = Clock(self.time.monotonic, self.time.wall, self.time.sleep)
        return GitHub(
            edition_of(self.server.url),
            Token(name, self.server.token(profile)),
            options=ClientOptions(limits=LimitPolicy(requests_per_second=0.0)),
            budget=budget,
            clock=clock,
        )


FILES = (
    "select repository_id, path, kind, blob_sha, mode, size, status, reason from workflow_file"
    " where valid_to_run is null order by all"
)


def aged(nights: Nights, days: int) -> None:
    """Let days pass: everything observed so far gets older."""
    interval = timedelta(days=days)
    with duckdb.connect(str(nights.db)) as con:
        con.execute("update coverage set observed_at = observed_at - ?", [interval])
