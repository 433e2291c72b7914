"""The walk from beginning to end: every family in its order, and what was left when it stopped."""

from dataclasses import dataclass
from pathlib import Path

from collector.errors import BudgetExhaustedError
from collector.github.client import GitHub
from collector.known import Known
from collector.stage import Stage
from collector.walk.blobs import Texts
from collector.walk.context import CrawlSummary, Options, Walk
from collector.walk.details import read_absent
from collector.walk.ondemand import read_on_demand, wanted_of
from collector.walk.organization import read_organization, read_repositories, stored
from collector.walk.packages import read_packages
from collector.walk.people import read_teams
from collector.walk.progress import Progress
from collector.walk.reader import roles_by_credential, warn_of_hidden
from collector.walk.references import References
from collector.walk.remainder import (
    OUT_OF_REQUESTS,
    OUT_OF_SETTINGS,
    leave_details,
    leave_files,
    leave_lists,
    leave_on_demand,
)
from collector.walk.scope import Scope
from collector.walk.secrets import read_organization_secrets
from collector.walk.settings import read_organization_settings
from collector.walk.trees import read_trees
from collector.walk.wanted import Wanted


async def crawl(
    *,
    org: str,
    api: GitHub,
    packages_api: GitHub,
    stage: Stage,
    known: Known,
    inventory: Path,
    scope: Scope,
    options: Options,
    progress: Progress,
) -> CrawlSummary:
    """Read an organization into a stage, going on where an interrupted run stopped.

    The stage is left open and unfinished; the caller finishes it with the summary's warnings.

    Args:
        org: the organization's name.
        api: GitHub, for everything but packages.
        packages_api: GitHub, with the credential that may list packages; may be the same.
        stage: where all of it goes.
        known: what the newest published run holds.
        inventory: the file that `known` was read from.
        scope: whose files and settings are read.
        options: how much is asked for.
        progress: who listens.

    Raises:
        CredentialError: GitHub refused a credential; the stage keeps what was read.
        UsageError: there is no such organization.
        RateLimitError: a limit asks for more patience than the run has.
        GitHubUnreachableError: GitHub can't be reached any more.
    """
    walk = Walk(
        org=org,
        api=api,
        packages_api=packages_api,
        stage=stage,
        known=known,
        inventory=inventory,
        scope=scope,
        options=options,
        progress=progress,
    )
    exhausted = False
    way = _Way(walk, Texts(walk))
    try:
        await way.go()
    except BudgetExhaustedError as error:
        exhausted = True
        walk.warn(f"{error} What was not read is listed in the coverage.")
    way.leave(exhausted=exhausted)
    return CrawlSummary(
        requests=sum(walk.asked.values()),
        requests_by_family=dict(walk.asked),
        exhausted=exhausted,
        warnings=tuple(walk.warnings),
        roles=roles_by_credential(walk),
    )


@dataclass(slots=True)
class _Way:
    """How far the walk has come."""

    walk: Walk
    texts: Texts
    wanted: list[Wanted] | None = None
    # Whose settings to read; None: not decided yet.

    async def go(self) -> None:
        """Read every family, the quick answers first."""
        walk = self.walk
        # One request, which also tells whether there is such an organization.
        await read_organization(walk)
        await read_packages(walk)
        await read_absent(walk)
        listed = await read_repositories(walk)
        warn_of_hidden(walk)
        self.texts.repositories |= {item.repository_id: item for item in listed}
        self.texts.graphql = await read_trees(walk, listed)
        await self.texts.read()
        await References(walk, self.texts, self.texts.graphql).read()
        await read_organization_settings(walk)
        await read_organization_secrets(walk)
        await read_teams(walk)
        self.wanted = wanted_of(walk, self.texts)
        await read_on_demand(walk, self.wanted, self.texts)

    def leave(self, *, exhausted: bool) -> None:
        """Say what was not read."""
        walk = self.walk
        if exhausted:
            walk.stage.flush()
            self.texts.repositories |= {item.repository_id: item for item in stored(walk)}
            leave_lists(walk)
            leave_details(walk)
            leave_files(walk, self.texts)
        if self.wanted is None:
            self.texts.recall()
            self.wanted = wanted_of(walk, self.texts)
        leave_on_demand(walk, self.wanted, why=OUT_OF_REQUESTS if exhausted else OUT_OF_SETTINGS)
        walk.stage.flush()
