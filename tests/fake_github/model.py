"""What an organization on the fake GitHub consists of: plain data, cheap at 10,000 repositories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.fake_github.gitdata import File, Snapshot

EPOCH = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp())
DAY = 86_400
GRANULAR = frozenset({"container", "npm", "nuget", "rubygems"})
PACKAGE_TYPES = ("npm", "maven", "rubygems", "docker", "nuget", "container")


def iso(seconds: int) -> str:
    """Write a moment as GitHub does."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class ForkPullRequests:
    """What runs for pull requests from forks of private repositories."""

    run_workflows_from_fork_pull_requests: bool = False
    send_write_tokens_to_workflows: bool = False
    send_secrets_and_variables: bool = False
    require_approval_for_fork_pr_workflows: bool = False


@dataclass(slots=True)
class Policy:
    """One workflow execution protection."""

    name: str
    enforcement: str = "active"
    allowed_events: Sequence[str] = ("push",)
    source_type: str = "Organization"
    repositories: Sequence[str] = ("~ALL",)


@dataclass(slots=True)
class ActionsSettings:
    """Actions settings; on a repository None means that the organization decides."""

    enabled: bool | None = None
    enabled_repositories: str = "all"
    selected_repositories: Sequence[str] = ()
    allowed_actions: str | None = None
    patterns_allowed: Sequence[str] = ()
    sha_pinning_required: bool | None = None
    default_workflow_permissions: str | None = None
    can_approve_pull_request_reviews: bool | None = None
    approval_policy: str | None = None
    fork_pull_requests: ForkPullRequests | None = None
    access_level: str = "none"
    policies: list[Policy] = field(default_factory=list)


def organization_defaults() -> ActionsSettings:
    """Give a new organization's settings."""
    return ActionsSettings(
        enabled=True,
        allowed_actions="all",
        sha_pinning_required=False,
        default_workflow_permissions="read",
        can_approve_pull_request_reviews=False,
        approval_policy="first_time_contributors",
        fork_pull_requests=ForkPullRequests(),
    )


@dataclass(slots=True)
class Secret:
    """The metadata of a secret, or a variable with its value."""

    name: str
    visibility: str = "all"
    repositories: Sequence[str] = ()
    value: str = ""
    created_at: int = EPOCH - 400 * DAY
    updated_at: int = EPOCH - 200 * DAY

    def reaches(self, repository: "Repository") -> bool:
        """Tell whether an organization's secret can be used in a repository."""
        if self.visibility == "selected":
            return repository.name in self.repositories
        return self.visibility == "all" or repository.visibility != "public"


@dataclass(slots=True)
class Version:
    """One version of a package."""

    id: int
    name: str
    tags: Sequence[str] = ()
    created_at: int = EPOCH - 30 * DAY
    deleted: bool = False


@dataclass(slots=True)
class Artifact:
    """What a workflow run left behind: file names and their bytes."""

    id: int
    name: str
    files: Mapping[str, bytes]
    expired: bool = False


@dataclass(slots=True)
class Run:
    """One run of a workflow file."""

    id: int
    path: str
    event: str = "push"
    conclusion: str | None = "success"
    head_branch: str = "main"
    head_sha: str = ""
    created_at: int = EPOCH - DAY
    artifacts: list[Artifact] = field(default_factory=list)
    # whose commit it ran, where that is a fork's pull request
    head_repository: "Repository | None" = None


@dataclass(slots=True)
class Repository:
    """A repository and everything the API tells about it."""

    id: int
    owner: str
    name: str
    visibility: str = "private"
    default_branch: str = "main"
    refs: dict[str, Snapshot] = field(default_factory=dict)
    archived: bool = False
    disabled: bool = False
    fork: bool = False
    forks: list["Repository"] = field(default_factory=list)
    forks_count: int = 0
    allow_forking: bool = False
    pull_request_creation_policy: str = "all"
    description: str | None = None
    pushed_at: int = EPOCH - 10 * DAY
    created_at: int = EPOCH - 900 * DAY
    actions: ActionsSettings = field(default_factory=ActionsSettings)
    secrets: list[Secret] = field(default_factory=list)
    variables: list[Secret] = field(default_factory=list)
    dependabot_secrets: list[Secret] = field(default_factory=list)
    environments: dict[str, list[Secret]] = field(default_factory=dict)
    environment_variables: dict[str, list[Secret]] = field(default_factory=dict)
    workflow_states: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    properties: dict[str, str | list[str]] = field(default_factory=dict)
    collaborators: dict[str, str] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Give owner and name."""
        return f"{self.owner}/{self.name}"

    @property
    def empty(self) -> bool:
        """Tell whether nothing was ever pushed."""
        return not self.refs

    @property
    def head(self) -> Snapshot | None:
        """Give the default branch's files."""
        return self.refs.get(self.default_branch)

    def snapshot(self, ref: str) -> Snapshot | None:
        """Look a branch, tag or commit up."""
        name = ref.removeprefix("refs/").removeprefix("heads/").removeprefix("tags/")
        if name in ("", "HEAD"):
            return self.head
        if name in self.refs:
            return self.refs[name]
        return next((s for s in self.refs.values() if s.commit == name), None)

    def blob(self, oid: str) -> File | None:
        """Look a file up by its object id, on any branch."""
        for snapshot in self.refs.values():
            for file in snapshot.files.values():
                if file.oid == oid and file.type == "blob":
                    return file
        return None

    def tree_path(self, oid: str) -> tuple[Snapshot, str] | None:
        """Find a directory by its object id, on any branch."""
        for snapshot in self.refs.values():
            for path, tree in snapshot.trees.items():
                if oid in (tree.oid, snapshot.commit if path == "" else None):
                    return snapshot, path
        return None

    def commit(
        self, files: Mapping[str, str | bytes | File | None], *, at: int, ref: str = ""
    ) -> None:
        """Push: replace, add or (with None) delete files, and move `pushed_at`."""
        branch = ref or self.default_branch
        before = self.refs.get(branch)
        now = dict(before.files) if before else {}
        for path, content in files.items():
            now.pop(path, None)
            if content is not None:
                now[path] = content if isinstance(content, File) else File.of(content)
        self.refs[branch] = Snapshot(now)
        self.pushed_at = at


@dataclass(slots=True)
class Package:
    """A package; `in_list_repository` False: only the single request names its repository."""

    id: int
    owner: str
    type: str
    name: str
    visibility: str = "private"
    repository: Repository | None = None
    in_list_repository: bool = True
    listed: bool = True
    versions: list[Version] = field(default_factory=list)
    created_at: int = EPOCH - 500 * DAY
    updated_at: int = EPOCH - 20 * DAY

    @property
    def effective_visibility(self) -> str:
        """Give the true visibility; a repository-scoped package has its repository's."""
        return self.visibility


@dataclass(slots=True)
class Team:
    """A team and the repositories it has a role on."""

    id: int
    name: str
    members: Sequence[str] = ()
    repositories: dict[str, str] = field(default_factory=dict)
    description: str | None = None

    @property
    def slug(self) -> str:
        """Give the name as it stands in addresses."""
        return self.name.lower().replace(" ", "-")


@dataclass(slots=True)
class AuditEvent:
    """One line of the audit log; `fields` are the event's own."""

    action: str
    actor: str
    at: int
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Attestation:
    """A signed statement on a digest, and the repository whose workflow made it."""

    digest: str
    repository: Repository
    workflow: str
    ref: str = "refs/heads/main"


@dataclass(slots=True)
class PrivateRegistry:
    """A registry credential kept on the organization."""

    name: str
    registry_type: str
    url: str = "https://npm.pkg.github.com"
    auth_type: str = "username_password"
    username: str | None = "acme-bot"
    visibility: str = "all"


@dataclass(slots=True)
class CredentialAuthorization:
    """A classic token that its owner authorised for SAML single sign-on."""

    id: int
    login: str
    last_eight: str
    scopes: Sequence[str]
    note: str
    authorized_at: int = EPOCH - 200 * DAY
    accessed_at: int | None = EPOCH - DAY
    expires_at: int | None = None


@dataclass(slots=True)
class Property:
    """A custom property's definition."""

    name: str
    value_type: str = "string"
    allowed_values: Sequence[str] = ()
    required: bool = False


@dataclass(slots=True)
class Installation:
    """A GitHub App installed on the organization; `repositories` None means all."""

    id: int
    app_id: int
    app_slug: str
    permissions: Mapping[str, str]
    repositories: Sequence[str] | None = None
    suspended: bool = False
