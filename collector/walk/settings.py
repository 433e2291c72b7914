"""How Actions is set up, for the organization and for single repositories."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from collector.github import endpoints, payloads
from collector.github.actions import (
    ActionsPolicy,
    ActionsSettings,
    ForkApproval,
    ForkPrivateSettings,
    WorkflowPermissions,
)
from collector.github.endpoints import Endpoint
from collector.github.payloads import Malformed
from collector.github.protocol import path
from collector.walk import rows
from collector.walk.answers import broken, coverage, was_read
from collector.walk.context import Walk, keep
from collector.walk.lists import keep_listing, listing, unavailable
from collector.walk.organization import Listed


@dataclass(frozen=True, slots=True)
class _Single:
    """A setting that one answer tells."""

    endpoint: Endpoint
    table: str
    row: Callable[[Any, int], rows.Row | Malformed]


def _reader(
    model: Callable[[Any], Any], row: Callable[..., rows.Row]
) -> Callable[[Any, int], rows.Row | Malformed]:
    def read(payload: Any, repository_id: int) -> rows.Row | Malformed:
        found = model(payload)
        return found if isinstance(found, Malformed) else row(found, repository_id=repository_id)

    return read


_PERMISSIONS = _reader(ActionsSettings.from_payload, rows.actions_permissions)
_WORKFLOW = _reader(WorkflowPermissions.from_payload, rows.workflow_permissions)
_APPROVAL = _reader(ForkApproval.from_payload, rows.fork_approval)
_PRIVATE = _reader(ForkPrivateSettings.from_payload, rows.fork_private_settings)

_OF_ORGANIZATION: Final = (
    _Single(endpoints.ORG_ACTIONS_PERMISSIONS, "actions_permissions", _PERMISSIONS),
    _Single(endpoints.ORG_WORKFLOW_PERMISSIONS, "workflow_permissions", _WORKFLOW),
    _Single(endpoints.ORG_FORK_APPROVAL, "fork_approval", _APPROVAL),
    _Single(endpoints.ORG_FORK_PRIVATE, "fork_private_settings", _PRIVATE),
)
_OF_REPOSITORY: Final = {
    single.endpoint.family: single
    for single in (
        _Single(endpoints.REPO_ACTIONS_PERMISSIONS, "actions_permissions", _PERMISSIONS),
        _Single(endpoints.REPO_WORKFLOW_PERMISSIONS, "workflow_permissions", _WORKFLOW),
        _Single(endpoints.REPO_FORK_APPROVAL, "fork_approval", _APPROVAL),
        _Single(endpoints.REPO_FORK_PRIVATE, "fork_private_settings", _PRIVATE),
    )
}
# Policies of the enterprise and the organization bind a repository too.
_WITH_PARENTS: Final = {"has_parents": "true"}


async def read_organization_settings(walk: Walk) -> None:
    """Read how Actions is set up for the organization."""
    walk.progress.started("org_settings", total=len(_OF_ORGANIZATION) + 1)
    for single in _OF_ORGANIZATION:
        await _read_single(walk, single, org=walk.org)
    await _read_policies(walk, endpoints.ORG_ACTIONS_POLICIES, org=walk.org)
    await _read_enabled_repositories(walk)
    walk.progress.finished("org_settings", done=len(_OF_ORGANIZATION) + 1, detail="")


async def read_repository_setting(walk: Walk, family: str, repository: Listed) -> None:
    """Read one family of settings of one repository."""
    names = {"owner": repository.owner, "repo": repository.name}
    if family == endpoints.REPO_ACTIONS_POLICIES.family:
        await _read_policies(
            walk, endpoints.REPO_ACTIONS_POLICIES, repository.repository_id, **names
        )
    else:
        single = _OF_REPOSITORY[family]
        await _read_single(walk, single, repository_id=repository.repository_id, **names)


async def _read_single(
    walk: Walk, single: _Single, *, repository_id: int = rows.ORGANIZATION_ROW, **values: str
) -> None:
    family, subject = single.endpoint.family, _subject(repository_id)
    if walk.settled(family, subject):
        return
    answer = await walk.get(path(single.endpoint.path, **values), family=family)
    row = single.row(answer.data, repository_id) if was_read(answer) else None
    if isinstance(row, Malformed):
        answer, row = broken(answer, row.reason), None
    told = unavailable(coverage(answer), single.endpoint, answer)
    with walk.stage.batch(lazy=True) as batch:
        if row is not None:
            batch.put(single.table, [row], family=family, subject=subject)
        keep(batch, answer, family=family, subject=subject, told=told)


async def _read_policies(
    walk: Walk, endpoint: Endpoint, repository_id: int = rows.ORGANIZATION_ROW, **values: str
) -> None:
    subject = _subject(repository_id)
    if walk.settled(endpoint.family, subject):
        return
    found = await listing(walk, endpoint, values, params=_WITH_PARENTS)
    policies = [_policy(item, repository_id) for item in found.items]
    good = [row for row in policies if row is not None]
    with walk.stage.batch(lazy=True) as batch:
        batch.put("actions_policy", good, family=endpoint.family, subject=subject)
        keep_listing(batch, found, seen=len(good), subject=subject)


def _policy(item: Any, repository_id: int) -> rows.Row | None:
    policy = ActionsPolicy.from_payload(item)
    if isinstance(policy, Malformed):
        return None
    return rows.actions_policy(policy, repository_id=repository_id, payload=item)


async def _read_enabled_repositories(walk: Walk) -> None:
    """Read in which repositories Actions runs, where the organization selects them."""
    endpoint = endpoints.ORG_ACTIONS_ENABLED_REPOSITORIES
    chosen = walk.stage.rows("actions_permissions", "repository_id", "enabled_repositories")
    if (rows.ORGANIZATION_ROW, "selected") not in chosen or walk.settled(endpoint.family):
        return
    found = await listing(walk, endpoint, {"org": walk.org})
    ids = [payloads.integer(item, "id") for item in found.items]
    good: list[Mapping[str, Any]] = [{"repository_id": item} for item in ids if item is not None]
    with walk.stage.batch(lazy=True) as batch:
        batch.put("actions_enabled_repository", good, family=endpoint.family)
        keep_listing(batch, found, seen=len(good))


def _subject(repository_id: int) -> str:
    return "" if repository_id == rows.ORGANIZATION_ROW else str(repository_id)
