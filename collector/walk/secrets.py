"""Which secrets and variables exist, where, and who can read them; a secret's value no API gives."""

from collections.abc import Sequence
from typing import Final

from collector.github import endpoints, payloads
from collector.github.actions import Environment, Scope, Secret, SecretStore, Variable
from collector.github.endpoints import Endpoint
from collector.github.payloads import Malformed
from collector.redact import scrub
from collector.walk import rows
from collector.walk.answers import not_collected
from collector.walk.context import Walk
from collector.walk.lists import Listing, keep_listing, listing
from collector.walk.organization import Listed
from collector.walk.pool import for_each
from collector.walk.spending import Purse

_OF_ORGANIZATION: Final = (
    (endpoints.ORG_SECRETS, endpoints.ORG_SECRET_REPOSITORIES, SecretStore.ACTIONS),
    (
        endpoints.ORG_DEPENDABOT_SECRETS,
        endpoints.ORG_DEPENDABOT_SECRET_REPOSITORIES,
        SecretStore.DEPENDABOT,
    ),
)
_STORES: Final = {
    endpoints.REPO_SECRETS.family: (endpoints.REPO_SECRETS, SecretStore.ACTIONS),
    endpoints.REPO_DEPENDABOT_SECRETS.family: (
        endpoints.REPO_DEPENDABOT_SECRETS,
        SecretStore.DEPENDABOT,
    ),
}
_SPENT: Final = "The settings budget of this run was spent."


async def read_organization_secrets(walk: Walk) -> None:
    """Read the organization's secrets and variables, and which repositories each is for."""
    walk.progress.started("org_secrets", total=None)
    for endpoint, _of_repositories, store in _OF_ORGANIZATION:
        await _read_secrets(walk, endpoint, Scope.ORGANIZATION, store, org=walk.org)
    await _read_variables(walk, endpoints.ORG_VARIABLES, Scope.ORGANIZATION, org=walk.org)
    selected = walk.stage.rows("secret", "store", "name", "scope", "visibility")
    wanted = [
        (endpoint, store, name)
        for stored, name, scope, visibility in selected
        for _list, endpoint, store in _OF_ORGANIZATION
        if (stored, scope, visibility) == (store.value, Scope.ORGANIZATION.value, "selected")
    ]

    async def read(item: tuple[Endpoint, SecretStore, str]) -> None:
        await _read_selected(walk, *item)

    await for_each(wanted, read, workers=walk.options.workers)
    walk.stage.flush()
    walk.progress.finished("org_secrets", done=len(selected), detail="")


async def read_repository_secrets(
    walk: Walk, family: str, repository: Listed, *, purse: Purse
) -> None:
    """Read one family of secrets, variables or environments of one repository."""
    names = {"owner": repository.owner, "repo": repository.name}
    if family in _STORES:
        endpoint, store = _STORES[family]
        await _read_secrets(
            walk, endpoint, Scope.REPOSITORY, store, repository_id=repository.repository_id, **names
        )
    elif family == endpoints.REPO_VARIABLES.family:
        await _read_variables(
            walk,
            endpoints.REPO_VARIABLES,
            Scope.REPOSITORY,
            repository_id=repository.repository_id,
            **names,
        )
    else:
        await _read_environments(walk, repository, purse=purse)


async def _read_secrets(
    walk: Walk,
    endpoint: Endpoint,
    scope: Scope,
    store: SecretStore,
    *,
    repository_id: int = rows.ORGANIZATION_ROW,
    environment: str = "",
    **values: str,
) -> None:
    subject = _subject(repository_id, environment)
    if walk.settled(endpoint.family, subject):
        return
    found = await listing(walk, endpoint, values)
    read = [Secret.from_payload(item, scope=scope, store=store) for item in found.items]
    good = [
        rows.secret(item, repository_id=repository_id, environment=environment)
        for item in read
        if not isinstance(item, Malformed)
    ]
    _store(walk, "secret", found, good, subject=subject)


async def _read_variables(
    walk: Walk,
    endpoint: Endpoint,
    scope: Scope,
    *,
    repository_id: int = rows.ORGANIZATION_ROW,
    environment: str = "",
    **values: str,
) -> None:
    subject = _subject(repository_id, environment)
    if walk.settled(endpoint.family, subject):
        return
    found = await listing(walk, endpoint, values)
    read = [Variable.from_payload(item, scope=scope) for item in found.items]
    good = [
        rows.variable(
            item,
            # A credential has no business in a variable, and none in a database either.
            value=None if item.value is None else scrub(item.value),
            repository_id=repository_id,
            environment=environment,
        )
        for item in read
        if not isinstance(item, Malformed)
    ]
    _store(walk, "variable", found, good, subject=subject)


async def _read_selected(walk: Walk, endpoint: Endpoint, store: SecretStore, name: str) -> None:
    """Read which repositories an organization's secret is for."""
    if walk.settled(endpoint.family, name):
        return
    found = await listing(walk, endpoint, {"org": walk.org, "secret_name": name})
    ids = [payloads.integer(item, "id") for item in found.items]
    good = [
        {"store": store.value, "name": name, "repository_id": item}
        for item in ids
        if item is not None
    ]
    _store(walk, "secret_repository", found, good, subject=name)


async def _read_environments(walk: Walk, repository: Listed, *, purse: Purse) -> None:
    """Read a repository's environments, and each one's secrets and variables."""
    endpoint, subject = endpoints.REPO_ENVIRONMENTS, repository.subject
    if not walk.settled(endpoint.family, subject):
        found = await listing(walk, endpoint, {"owner": repository.owner, "repo": repository.name})
        read = [Environment.from_payload(item) for item in found.items]
        good = [
            {"repository_id": repository.repository_id, "name": item.name}
            for item in read
            if not isinstance(item, Malformed)
        ]
        _store(walk, "environment", found, good, subject=subject)
        names = [str(row["name"]) for row in good]
    else:
        stored = walk.stage.rows("environment", "repository_id", "name")
        names = [name for item, name in stored if item == repository.repository_id]
    for name in names:
        await _read_environment(walk, repository, name, purse=purse)


async def _read_environment(walk: Walk, repository: Listed, name: str, *, purse: Purse) -> None:
    if not purse.take(2):
        return _leave(walk, f"{repository.repository_id}/{name}")
    values = {"owner": repository.owner, "repo": repository.name, "environment_name": name}
    await _read_secrets(
        walk,
        endpoints.ENVIRONMENT_SECRETS,
        Scope.ENVIRONMENT,
        SecretStore.ACTIONS,
        repository_id=repository.repository_id,
        environment=name,
        **values,
    )
    return await _read_variables(
        walk,
        endpoints.ENVIRONMENT_VARIABLES,
        Scope.ENVIRONMENT,
        repository_id=repository.repository_id,
        environment=name,
        **values,
    )


def _leave(walk: Walk, subject: str) -> None:
    with walk.stage.batch(lazy=True) as batch:
        for endpoint in (endpoints.ENVIRONMENT_SECRETS, endpoints.ENVIRONMENT_VARIABLES):
            if not walk.settled(endpoint.family, subject):
                batch.record_coverage(endpoint.family, subject, **not_collected(_SPENT))


def _store(
    walk: Walk, table: str, found: Listing, good: Sequence[rows.Row], *, subject: str
) -> None:
    with walk.stage.batch(lazy=True) as batch:
        batch.put(table, good, family=found.endpoint.family, subject=subject)
        keep_listing(batch, found, seen=len(good), subject=subject)


def _subject(repository_id: int, environment: str) -> str:
    if repository_id == rows.ORGANIZATION_ROW:
        return ""
    return f"{repository_id}/{environment}" if environment else str(repository_id)
