"""What is read over several nights: settings and secrets of repositories, versions, teams."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from collector.walk.blobs import Texts
from collector.walk.context import Walk
from collector.walk.details import read_unnamed, read_versions
from collector.walk.earlier import repositories_with_evidence
from collector.walk.organization import Listed
from collector.walk.people import read_properties, read_team_repositories
from collector.walk.pool import for_each
from collector.walk.provenance import read_organization_evidence
from collector.walk.secrets import read_repository_secrets
from collector.walk.settings import read_repository_setting
from collector.walk.spending import Purse
from collector.walk.uses import read_attestations, read_runs
from collector.walk.wanted import (
    SECRETS,
    Candidate,
    Wanted,
    budget_for,
    wanted_settings,
)

PROGRESS: Final = "repo_settings"
# One part in so many of the budget, so that settings can't starve the others.
_CONNECTIONS_SHARE: Final = 4
_VERSIONS_SHARE: Final = 4
_TEAMS_SHARE: Final = 8
_EVIDENCE_SHARE: Final = 8
_GOOD: Final = frozenset({"complete", "carried"})


async def read_on_demand(walk: Walk, wanted: Sequence[Wanted], texts: Texts) -> None:
    """Read what rules can use, as far as the settings budget goes."""
    budget = budget_for(len(texts.repositories), asked=walk.options.settings_budget)
    settings = Purse(budget)
    connections = settings.part(_CONNECTIONS_SHARE)
    versions, teams = settings.part(_VERSIONS_SHARE), settings.part(_TEAMS_SHARE)
    evidence = settings.part(_EVIDENCE_SHARE)
    await read_organization_evidence(walk)
    await read_unnamed(walk, connections)
    settings.add(connections)
    await read_properties(walk, settings, repositories=len(texts.repositories))
    await read_team_repositories(walk, teams)
    settings.add(teams)
    await _read_settings(walk, wanted, texts.repositories, settings)
    versions.add(settings)
    await read_versions(walk, versions)
    evidence.add(versions)
    await read_runs(walk, texts, evidence)
    await read_attestations(walk, evidence)


def wanted_of(walk: Walk, texts: Texts) -> list[Wanted]:
    """Decide whose settings and secrets to read, and in which order."""
    repositories = texts.repositories.values()
    logging_in, naming = _by_files(texts)
    logging_in |= walk.known.login_repositories
    naming |= repositories_with_evidence(walk.inventory, walk.org) | _connected(walk)
    candidates = [
        Candidate(
            repository_id=item.repository_id,
            visibility=item.visibility,
            stored_secret_login=item.repository_id in logging_in,
            package_evidence=item.repository_id in naming,
        )
        for item in repositories
        if walk.scope.covers(item.full_name)
    ]
    everything = budget_for(len(texts.repositories), asked=None) is None
    return wanted_settings(candidates, everything=everything, last_read=_last_read(walk))


async def _read_settings(
    walk: Walk, wanted: Sequence[Wanted], repositories: Mapping[int, Listed], purse: Purse
) -> None:
    walk.progress.started(PROGRESS, total=len(wanted))
    done = 0

    async def read(item: Wanted) -> None:
        nonlocal done
        repository = repositories[item.repository_id]
        # What this run asked before it was interrupted was paid for from the same budget.
        if not purse.take(len(item.families)):
            return
        left = [name for name in item.families if not _done(walk, name, repository)]
        for family in left:
            if family in SECRETS:
                await read_repository_secrets(walk, family, repository, purse=purse)
            else:
                await read_repository_setting(walk, family, repository)
        done += 1
        walk.progress.advanced(PROGRESS, done=done, total=len(wanted))

    await for_each(wanted, read, workers=walk.options.workers)
    walk.stage.flush()
    walk.progress.finished(PROGRESS, done=done, detail=purse.sentence(len(wanted) - done))


def _done(walk: Walk, family: str, repository: Listed) -> bool:
    """Tell whether a family is read; environments have more to ask beneath them."""
    return family != "repo_environments" and walk.settled(family, repository.subject)


def _by_files(texts: Texts) -> tuple[set[int], set[int]]:
    """Return the repositories whose files log in with a stored secret, and that name packages."""
    logging_in: set[int] = set()
    naming: set[int] = set()
    for file in texts.files():
        said = texts.digests.get(file.key) if file.key else None
        if said is not None and said.logs_in:
            logging_in.add(file.repository_id)
        if said is not None and said.names_packages:
            naming.add(file.repository_id)
    return logging_in, naming


def _connected(walk: Walk) -> set[int]:
    """Return the repositories that some package is connected to."""
    tables = ("package", "package_connection")
    tonight = {row[0] for table in tables for row in walk.stage.rows(table, "repository_id")}
    before = {package.repository_id for package in walk.known.packages.values()}
    return {item for item in tonight | before if item is not None}


def _last_read(walk: Walk) -> dict[tuple[str, int], datetime]:
    """Return when a family of a repository was last read in full."""
    return {
        (family, int(subject)): known.observed_at
        for (family, subject), known in walk.known.coverage.items()
        if family.startswith("repo_") and subject.isdecimal() and known.status in _GOOD
        if known.observed_at is not None
    }
