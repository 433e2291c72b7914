"""A crawl in a process of its own, to be killed: python -m … URL TOKEN DATABASE."""

import asyncio
import sys
from pathlib import Path

from collector.github.auth import Token
from collector.github.client import ClientOptions, GitHub
from collector.github.editions import edition_of
from collector.github.limits import LimitPolicy
from collector.known import read_known
from collector.run import Run, new_run_id, utc_now
from collector.stage import Stage, open_stage
from collector.stage_files import create_stage, find_stages
from collector.walk.context import CrawlSummary, Options
from collector.walk.crawl import crawl
from collector.walk.progress import Silent
from collector.walk.scope import Scope


def main(url: str, token: str, db: Path) -> None:
    """Begin a crawl or go on with one, and finish its stage."""
    with _stage(url, db) as stage:
        summary = asyncio.run(_crawl(url, token, db, stage))
        stage.finish(ended_at=utc_now(), warnings=summary.warnings)


async def _crawl(url: str, token: str, db: Path, stage: Stage) -> CrawlSummary:
    options = ClientOptions(limits=LimitPolicy(requests_per_second=0.0))
    async with GitHub(edition_of(url), Token("token", token), options=options) as api:
        return await crawl(
            org="acme",
            api=api,
            packages_api=api,
            stage=stage,
            known=read_known(db, "acme"),
            inventory=db,
            scope=Scope(),
            options=Options(),
            progress=Silent(),
        )


def _stage(url: str, db: Path) -> Stage:
    for file in find_stages(db, org="acme"):
        return open_stage(file.path)
    started = utc_now()
    edition = edition_of(url)
    run = Run(
        run_id=new_run_id("acme", started_at=started),
        org="acme",
        api_url=url,
        web_url=edition.web_url,
        edition=str(edition.kind),
        started_at=started,
        tool_version="0",
    )
    return create_stage(db, run)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
