"""What a credential may see, family by family, asked in few requests and stored nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from collector.github import endpoints
from collector.github.answers import Answer
from collector.github.auth import TokenKind
from collector.github.client import GitHub
from collector.github.endpoints import Endpoint, Role
from collector.github.models import Organization, Repository
from collector.github.payloads import Malformed
from collector.github.protocol import path
from collector.walk.answers import REFUSED, coverage, was_read
from collector.walk.lists import unavailable
from collector.walk.sweeps import granular_types, sweeps

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
    endpoints.CUSTOM_PROPERTIES,
    endpoints.TEAMS,
)
# Asked of one repository, which stands for all.
_OF_REPOSITORY: Final = (
    endpoints.REPO_ACTIONS_PERMISSIONS,
    endpoints.REPO_WORKFLOW_PERMISSIONS,
    endpoints.REPO_ACTIONS_POLICIES,
    endpoints.REPO_SECRETS,
    endpoints.REPO_DEPENDABOT_SECRETS,
    endpoints.REPO_VARIABLES,
    endpoints.REPO_ENVIRONMENTS,
)
_REPOSITORY_OF_ITS_KIND: Final = {
    "public": endpoints.REPO_FORK_APPROVAL,
    "private": endpoints.REPO_FORK_PRIVATE,
    "internal": endpoints.REPO_FORK_PRIVATE,
}
_APPS: Final = frozenset({TokenKind.INSTALLATION, TokenKind.USER_TO_SERVER})


@dataclass(frozen=True, slots=True)
class Check:
    """What one question brought."""

    family: str
    subject: str
    # A package sweep, the repository that was asked, or empty.
    status: str
    # As coverage has it; complete: the credential may read this.
    reason: str | None
    detail: str | None
    credential: str
    remedy: str
    # Which scope or permission to add; empty where nothing is missing.


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All checks, and how large the organization looks."""

    checks: tuple[Check, ...]
    repositories: int | None
    # By the organization's own count; None where it does not tell this credential.
    requests: int

    @property
    def healthy(self) -> bool:
        """Tell whether nothing was refused."""
        return all(check.status in {"complete", "unavailable"} for check in self.checks)


async def doctor(*, org: str, api: GitHub, packages_api: GitHub) -> Diagnosis:
    """Ask one small question of every family.

    Raises:
        CredentialError: GitHub refused a credential altogether.
    """
    examination = _Examination(org, api, packages_api)
    organization = await examination.organization()
    await examination.packages()
    await examination.repository()
    expected = None
    if organization is not None and None not in (
        organization.public_repos,
        organization.total_private_repos,
    ):
        expected = (organization.public_repos or 0) + (organization.total_private_repos or 0)
    return Diagnosis(tuple(examination.checks), expected, examination.requests)


class _Examination:
    def __init__(self, org: str, api: GitHub, packages_api: GitHub) -> None:
        self.org = org
        self.api = api
        self.packages_api = packages_api
        self.checks: list[Check] = []
        self.requests = 0
        self._sample: Repository | None = None

    async def organization(self) -> Organization | None:
        """Ask what the organization itself tells."""
        found = None
        for endpoint in _OF_ORGANIZATION:
            answer = await self._ask(endpoint, {"org": self.org})
            self._note(endpoint, answer)
            if endpoint is endpoints.ORGANIZATION and was_read(answer):
                read = Organization.from_payload(answer.data)
                found = None if isinstance(read, Malformed) else read
            if endpoint is endpoints.REPOSITORIES and was_read(answer):
                self._sample = _first_repository(answer)
        return found

    async def packages(self) -> None:
        """Ask for one package of every list."""
        for sweep in sweeps(granular_types(self.packages_api.edition)):
            answer = await self._ask(
                endpoints.PACKAGES,
                {"org": self.org},
                {"package_type": sweep.package_type, "visibility": sweep.visibility},
            )
            self._note(endpoints.PACKAGES, answer, subject=sweep.subject)

    async def repository(self) -> None:
        """Ask what one repository tells, which stands for the others."""
        if self._sample is None:
            return
        owner, _, name = self._sample.full_name.partition("/")
        branch = self._sample.default_branch or "HEAD"
        names = {"owner": owner, "repo": name}
        tree = await self._ask(endpoints.WORKFLOW_TREES, {**names, "ref": branch})
        self._note(
            endpoints.WORKFLOW_TREES, tree, subject=self._sample.full_name, empty_is_read=True
        )
        of_its_kind = _REPOSITORY_OF_ITS_KIND.get(self._sample.visibility or "")
        for endpoint in (*_OF_REPOSITORY, *([of_its_kind] if of_its_kind else [])):
            answer = await self._ask(endpoint, names)
            self._note(endpoint, answer, subject=self._sample.full_name)

    def _lists_packages(self) -> bool:
        listed = (check for check in self.checks if check.family == endpoints.PACKAGES.family)
        return any(check.status == "complete" for check in listed)

    async def _ask(
        self,
        endpoint: Endpoint,
        names: Mapping[str, str],
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        self.requests += 1
        github = self.packages_api if endpoint.role is Role.PACKAGES else self.api
        paged = endpoint.paging is not endpoints.Paging.NONE
        asked = {**(params or {}), **({"per_page": "1"} if paged else {})}
        return await github.get(path(endpoint.path, **names), params=asked)

    def _note(
        self, endpoint: Endpoint, answer: Answer, *, subject: str = "", empty_is_read: bool = False
    ) -> None:
        told = unavailable(coverage(answer), endpoint, answer)
        status = str(told["status"])
        if empty_is_read and status == "unavailable":
            status = "complete"
        if endpoint is endpoints.PACKAGES and answer.outcome in REFUSED:
            # What GitHub says to tokens of Apps and jobs, and of an `internal` that does not exist.
            internal = subject.endswith("/internal") and self._lists_packages()
            status = "unavailable" if internal else "denied"
        github = self.packages_api if endpoint.role is Role.PACKAGES else self.api
        missing = status not in {"complete", "unavailable"}
        self.checks.append(
            Check(
                family=endpoint.family,
                subject=subject,
                status=status,
                reason=told["reason"] if missing else None,
                detail=told["detail"],
                credential=github.credential.name,
                remedy=_remedy(endpoint, answer, kind=github.credential.kind) if missing else "",
            )
        )


def _remedy(endpoint: Endpoint, answer: Answer, *, kind: TokenKind) -> str:
    """Say what would open a family to a credential of this kind."""
    if answer.reason == "sso_not_authorized":
        return "Authorize the token for the organization's single sign-on."
    if endpoint.role is Role.PACKAGES and kind not in {TokenKind.CLASSIC_PAT, TokenKind.OAUTH}:
        return f"Use a classic personal access token with the scope {endpoint.scope}."
    if kind in _APPS or kind is TokenKind.FINE_GRAINED_PAT:
        return f"Grant the permission {endpoint.permission or answer.needed}."
    return f"Add the scope {endpoint.scope}; the user has to be an owner of the organization."


def _first_repository(answer: Answer) -> Repository | None:
    items: Sequence[object] = answer.data if isinstance(answer.data, list) else []
    read = [Repository.from_payload(item) for item in items]
    return next((item for item in read if not isinstance(item, Malformed)), None)
