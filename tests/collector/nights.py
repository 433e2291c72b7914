"""Small made-up nights of one organization, for the tests of the store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from collector.publish import Judge, Link, Published, publish
from collector.run import Run, new_run_id
from collector.stage_batch import Status
from collector.stage_files import create_stage
from collector.store import open_inventory

ORG = "acme"
FIRST_NIGHT = datetime(2026, 11, 1, 3, 17)  # noqa: DTZ001  the store's times are UTC without a zone


def night(number: int) -> datetime:
    """When the crawl of a night starts."""
    return FIRST_NIGHT + timedelta(days=number)


def run_of(number: int, *, org: str = ORG) -> Run:
    """The run of a night."""
    return Run(
        run_id=new_run_id(org, started_at=night(number)),
        org=org,
        api_url="https://api.github.com",
        web_url="https://github.com",
        edition="github.com",
        started_at=night(number),
        tool_version="0.1.0",
    )


@dataclass
class Answer:
    """What one subject of one family was answered."""

    family: str
    subject: str = ""
    status: Status = "complete"
    reason: str | None = None
    table: str = "repository"
    rows: list[dict[str, Any]] = field(default_factory=list)


def make_stage(db: Path, number: int, answers: Iterable[Answer], *, org: str = ORG) -> Path:
    """Write a finished stage."""
    stage = create_stage(db, run_of(number, org=org))
    with stage:
        for answer in answers:
            with stage.batch() as batch:
                observed = night(number) + timedelta(minutes=1)
                if answer.rows:
                    batch.put(
                        answer.table,
                        answer.rows,
                        family=answer.family,
                        subject=answer.subject,
                        observed_at=observed,
                    )
                batch.record_coverage(
                    answer.family,
                    answer.subject,
                    status=answer.status,
                    reason=answer.reason,
                    observed_at=observed,
                )
        stage.finish(ended_at=night(number) + timedelta(hours=1))
    return stage.path


def publish_night(
    db: Path,
    number: int,
    answers: Iterable[Answer],
    *,
    link: Link | None = None,
    judge: Judge | None = None,
) -> Published:
    """Write a stage and publish it."""
    return publish(db, make_stage(db, number, answers), link=link, judge=judge)


def repository(number: int, **columns: Any) -> dict[str, Any]:
    """A row of table repository."""
    name = columns.pop("name", f"r{number}")
    return {
        "repository_id": number,
        "full_name": f"{ORG}/{name}",
        "name": name,
        "visibility": "private",
        "fork": False,
        **columns,
    }


def repositories(*rows: Mapping[str, Any], status: Status = "complete") -> Answer:
    """The answer of the repository list."""
    return Answer("repositories", status=status, rows=[dict(row) for row in rows])


def package(number: int, visibility: str = "private", **columns: Any) -> dict[str, Any]:
    """A row of table package."""
    return {
        "package_id": number,
        "package_type": "container",
        "name": f"p{number}",
        "visibility": visibility,
        "listed_repository": "absent",
        **columns,
    }


def packages(visibility: str, *rows: Mapping[str, Any], status: Status = "complete") -> Answer:
    """The answer of one sweep of the package list."""
    return Answer(
        "packages",
        f"container/{visibility}",
        status=status,
        table="package",
        rows=[dict(row) for row in rows],
    )


def fetch(db: Path, query: str, *values: Any) -> list[Any]:
    """Ask the inventory."""
    with open_inventory(db, read_only=True) as con:
        return con.execute(query, list(values)).fetchall()


def open_keys(db: Path, table: str, key: str) -> list[Any]:
    """The keys that still hold, sorted."""
    query = f"select {key} from {table} where valid_to_run is null order by all"
    return [row[0] for row in fetch(db, query)]


def intervals(db: Path, table: str, where: str = "true") -> list[tuple[Any, ...]]:
    """The intervals of a table as night numbers, in order."""
    nights = {run_of(number).run_id: number for number in range(60)}
    rows = fetch(
        db,
        f"select valid_from_run, valid_to_run from {table} where {where} order by all",
    )
    return [(nights[start], None if end is None else nights[end]) for start, end in rows]
