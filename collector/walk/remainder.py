"""What a run did not come to, said subject by subject: nothing unread may look like nothing there."""

from collections.abc import Iterable, Sequence
from typing import Final

from collector.github import endpoints
from collector.walk.answers import not_collected
from collector.walk.blobs import Texts, put_unread
from collector.walk.context import Walk
from collector.walk.details import found_packages
from collector.walk.sweeps import granular_types, sweeps
from collector.walk.uses import attestation_subjects
from collector.walk.wanted import Wanted

OUT_OF_REQUESTS: Final = "The run's requests were spent before it was asked for."
OUT_OF_SETTINGS: Final = "The settings budget was spent before it was asked for."
_CHUNK: Final = 2_000
_OF_ORGANIZATION: Final = (
    endpoints.ORGANIZATION,
    endpoints.REPOSITORIES,
    endpoints.ORG_ACTIONS_PERMISSIONS,
    endpoints.ORG_WORKFLOW_PERMISSIONS,
    endpoints.ORG_FORK_APPROVAL,
    endpoints.ORG_FORK_PRIVATE,
    endpoints.ORG_ACTIONS_POLICIES,
    endpoints.ORG_SECRETS,
    endpoints.ORG_DEPENDABOT_SECRETS,
    endpoints.ORG_VARIABLES,
    endpoints.TEAMS,
    endpoints.AUDIT_LOG,
    endpoints.CREDENTIAL_AUTHORIZATIONS,
)
_SELECTED: Final = {
    "actions": endpoints.ORG_SECRET_REPOSITORIES.family,
    "dependabot": endpoints.ORG_DEPENDABOT_SECRET_REPOSITORIES.family,
}

Subject = tuple[str, str]


def leave_lists(walk: Walk) -> None:
    """Say which lists a run that ran out of requests did not read to their end."""
    walk.stage.flush()
    lists = [("packages", sweep.subject) for sweep in sweeps(granular_types(walk.edition))]
    lists += [(endpoint.family, "") for endpoint in _OF_ORGANIZATION]
    with walk.stage.batch() as batch:
        for family, subject in lists:
            if walk.settled(family, subject):
                continue
            told = dict(not_collected(OUT_OF_REQUESTS))
            if walk.stage.last_page(family, subject) is not None:
                told["status"] = "partial"
            batch.record_coverage(family, subject, **told)


def leave_files(walk: Walk, texts: Texts) -> None:
    """Say which trees and texts were not read."""
    listed = texts.repositories.values()
    _leave(walk, (("workflow_trees", item.subject) for item in listed), OUT_OF_REQUESTS)
    unread = [file for files in texts.missing().values() for file in files]
    detail = "The run's requests were spent before all texts were asked for."
    for start in range(0, len(unread), _CHUNK):
        with walk.stage.batch() as batch:
            put_unread(batch, unread[start : start + _CHUNK], reason="not_collected", detail=detail)


def leave_details(walk: Walk) -> None:
    """Say of which packages the connected repository was not asked for."""
    missing = (
        ("package_details", package.subject) for package in found_packages(walk) if package.unnamed
    )
    _leave(walk, missing, OUT_OF_REQUESTS)


def leave_on_demand(walk: Walk, wanted: Sequence[Wanted], *, why: str) -> None:
    """Say which settings, secrets, versions and teams are left for the next nights."""
    _leave(walk, _settings(wanted), why)
    packages = found_packages(walk)
    _leave(
        walk, (("package_details", package.subject) for package in packages if package.unnamed), why
    )
    _leave(walk, [(endpoints.CUSTOM_PROPERTIES.family, "")], why)
    _leave(walk, (("package_versions", package.subject) for package in packages), why)
    _leave(walk, attestation_subjects(walk), why)
    teams = walk.stage.rows("team", "slug")
    _leave(walk, (("team_repositories", str(slug)) for (slug,) in teams), why)
    secrets = walk.stage.rows("secret", "store", "name", "scope", "visibility")
    selected = (
        (_SELECTED[store], str(name))
        for store, name, scope, visibility in secrets
        if (scope, visibility) == ("organization", "selected")
    )
    _leave(walk, selected, why)


def _settings(wanted: Sequence[Wanted]) -> Iterable[Subject]:
    return ((family, str(item.repository_id)) for item in wanted for family in item.families)


def _leave(walk: Walk, subjects: Iterable[Subject], why: str) -> None:
    """Say `not_collected` of subjects without an answer of this run or of an earlier one.

    What an earlier night told is carried when the run is published, and says so itself.
    """
    walk.stage.flush()
    left = [
        subject
        for subject in dict.fromkeys(subjects)
        if not walk.settled(*subject) and subject not in walk.known.coverage
    ]
    for start in range(0, len(left), _CHUNK):
        with walk.stage.batch() as batch:
            for family, subject in left[start : start + _CHUNK]:
                batch.record_coverage(family, subject, **not_collected(why))
