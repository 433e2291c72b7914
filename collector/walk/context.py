"""What every family of a walk shares: whom to ask, where to write, what is known from before."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collector.github.answers import Answer
from collector.github.client import GitHub
from collector.github.editions import Edition
from collector.github.protocol import JSON, Params
from collector.known import Known
from collector.stage import Stage
from collector.stage_batch import Batch
from collector.walk.progress import Progress
from collector.walk.scope import Scope


@dataclass(frozen=True, slots=True)
class Options:
    """How much a walk asks for."""

    full: bool = False
    # Read every tree, connection and version again, also where nothing changed.
    graphql: bool = True
    settings_budget: int | None = None
    # Requests for settings, secrets and versions; None: by the organization's size.
    workers: int = 8
    replayed: bool = False
    # A cassette answers, in which literal credentials are masked.


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """What a walk did; what it saw stands in the stage."""

    requests: int
    # Questions asked; retries are the client's to count.
    requests_by_family: Mapping[str, int]
    exhausted: bool
    # The run's requests were spent before everything was asked.
    warnings: tuple[str, ...]
    # Sentences for the report: `stage.finish(warnings=...)`.
    roles: Mapping[str, str] = field(default_factory=dict)
    # The role in the organization of each credential's user, where GitHub told it.


@dataclass(slots=True)
class Walk:
    """One walk over one organization."""

    org: str
    api: GitHub
    # For everything but packages.
    packages_api: GitHub
    stage: Stage
    known: Known
    # Of the newest published run.
    inventory: Path
    # Where the texts and facts of earlier nights lie.
    scope: Scope
    options: Options
    progress: Progress
    asked: Counter[str] = field(default_factory=Counter)
    # Requests by family.
    warnings: dict[str, None] = field(default_factory=dict)
    # Each sentence once, in order.

    @property
    def edition(self) -> Edition:
        """Return which GitHub answers."""
        return self.api.edition

    async def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        family: str,
        accept: str = JSON,
        packages: bool = False,
    ) -> Answer:
        """Ask for one resource on behalf of a family."""
        self.asked[family] += 1
        api = self.packages_api if packages else self.api
        return await api.get(path, params=params, accept=accept)

    async def graphql(self, query: str, *, family: str, tries: int) -> Answer:
        """Ask one query on behalf of a family."""
        self.asked[family] += 1
        return await self.api.graphql(query, tries=tries)

    def warn(self, sentence: str) -> None:
        """Keep a sentence for the report."""
        self.warnings[sentence] = None

    def settled(self, family: str, subject: str = "") -> bool:
        """Tell whether this run has an answer for a subject already."""
        return self.stage.coverage_of(family, subject) is not None


def keep(
    batch: Batch,
    answer: Answer,
    *,
    family: str,
    subject: str = "",
    told: Mapping[str, Any] | None = None,
) -> None:
    """Store who was asked and, where it is told, what that means for coverage."""
    record = answer.request
    if record.status is not None:
        batch.record_request(
            method=record.method,
            path=record.path,
            status=record.status,
            observed_at=record.observed_at,
            etag=record.etag,
            request_id=record.request_id,
            body_sha256=record.body_sha256,
            credential=record.credential,
            family=family,
            subject=subject,
        )
    if told is not None:
        batch.record_coverage(family, subject, **told)
