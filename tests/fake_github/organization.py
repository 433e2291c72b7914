"""An organization that is written down as a chain of calls: `.repo(…).package(…).secret(…)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tests.fake_github.gitdata import File, Snapshot
from tests.fake_github.model import (
    DAY,
    EPOCH,
    GRANULAR,
    ActionsSettings,
    Artifact,
    Attestation,
    AuditEvent,
    CredentialAuthorization,
    Installation,
    Package,
    PrivateRegistry,
    Property,
    Repository,
    Run,
    Secret,
    Team,
    Version,
    organization_defaults,
)

if TYPE_CHECKING:
    from tests.fake_github.world import World

Files = Mapping[str, str | bytes | File]
Names = Iterable[str | Secret]


@dataclass(slots=True)
class Organization:
    """An organization; every method that adds something returns it, so that calls chain."""

    world: World = field(repr=False)
    login: str
    id: int
    members: dict[str, str] = field(default_factory=lambda: {"olivia": "admin", "mel": "member"})
    plan: str = "team"
    default_repository_permission: str = "read"
    saml: bool = False
    repositories: dict[str, Repository] = field(default_factory=dict)
    renamed: dict[str, int] = field(default_factory=dict)
    packages: dict[tuple[str, str], Package] = field(default_factory=dict)
    docker_conflicts: list[Package] = field(default_factory=list)
    actions: ActionsSettings = field(default_factory=organization_defaults)
    secrets: list[Secret] = field(default_factory=list)
    variables: list[Secret] = field(default_factory=list)
    dependabot_secrets: list[Secret] = field(default_factory=list)
    private_registries: list[PrivateRegistry] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    audit: list[AuditEvent] = field(default_factory=list)
    attestations: dict[str, list[Attestation]] = field(default_factory=dict)
    credential_authorizations: list[CredentialAuthorization] = field(default_factory=list)
    installations: list[Installation] = field(default_factory=list)
    created_at: int = EPOCH - 2000 * DAY

    def repository(self, name: str) -> Repository:
        """Give a repository by its present name, whatever its case."""
        return self.repositories[name.lower()]

    def find_package(self, package_type: str, name: str) -> Package:
        """Give a package by type and name."""
        return self.packages[package_type, name]

    def repo(
        self,
        name: str,
        *,
        visibility: str = "private",
        files: Files | Snapshot | None = None,
        branches: Mapping[str, Files] | None = None,
        empty: bool = False,
        forks: int = 0,
        actions: ActionsSettings | None = None,
        secrets: Names = (),
        variables: Mapping[str, str] | None = None,
        dependabot_secrets: Names = (),
        environments: Mapping[str, Names] | None = None,
        **attributes: Any,
    ) -> Self:
        """Add a repository; `branches` also holds tags; `forks` outsiders' forks are made."""
        repository = Repository(self.world.next_id("repository"), self.login, name, visibility)
        for key, value in attributes.items():
            setattr(repository, key, value)
        if not empty:
            contents = {"README.md": f"# {name}\n"} if files is None else files
            repository.refs[repository.default_branch] = self.world.snapshot(contents)
            for ref, tree in (branches or {}).items():
                repository.refs[ref] = self.world.snapshot(tree)
        repository.actions = actions or ActionsSettings()
        repository.secrets = as_secrets(secrets)
        repository.dependabot_secrets = as_secrets(dependabot_secrets)
        repository.variables = [Secret(k, value=v) for k, v in (variables or {}).items()]
        repository.environments = {k: as_secrets(v) for k, v in (environments or {}).items()}
        repository.forks_count = forks
        self.repositories[name.lower()] = repository
        self.world.by_id[repository.id] = repository
        return self

    def package(
        self,
        package_type: str,
        name: str,
        *,
        visibility: str | None = None,
        repository: str | None = None,
        versions: int | Sequence[Version] = 1,
        **attributes: Any,
    ) -> Self:
        """Add a package; a repository-scoped one takes its repository's visibility."""
        connected = self.repository(repository) if repository else None
        if package_type not in self.world.granular and connected is not None:
            visibility = "public" if connected.visibility == "public" else "private"
        package = Package(
            self.world.next_id("package"),
            self.login,
            package_type,
            name,
            visibility or "private",
            connected,
        )
        for key, value in attributes.items():
            setattr(package, key, value)
        package.versions = (
            self.world.make_versions(package, versions)
            if isinstance(versions, int)
            else list(versions)
        )
        self.packages[package_type, name] = package
        return self

    def rename(self, old: str, new: str) -> Self:
        """Rename a repository; its old address answers 301 from now on."""
        repository = self.repositories.pop(old.lower())
        self.renamed[old.lower()] = repository.id
        repository.name = new
        self.repositories[new.lower()] = repository
        return self

    def delete_repository(self, name: str) -> Self:
        """Delete a repository; packages lose their connection."""
        gone = self.repositories.pop(name.lower())
        self.world.by_id.pop(gone.id)
        for package in self.packages.values():
            if package.repository is gone:
                package.repository = None
        return self

    def delete_package(self, package_type: str, name: str) -> Self:
        """Delete a package."""
        self.packages.pop((package_type, name))
        return self

    def secret(
        self, name: str, *, visibility: str = "all", repositories: Sequence[str] = ()
    ) -> Self:
        """Add an organization's Actions secret."""
        self.secrets.append(Secret(name, visibility, repositories))
        return self

    def variable(
        self, name: str, value: str, *, visibility: str = "all", repositories: Sequence[str] = ()
    ) -> Self:
        """Add an organization's Actions variable."""
        self.variables.append(Secret(name, visibility, repositories, value=value))
        return self

    def dependabot_secret(
        self, name: str, *, visibility: str = "all", repositories: Sequence[str] = ()
    ) -> Self:
        """Add an organization's Dependabot secret."""
        self.dependabot_secrets.append(Secret(name, visibility, repositories))
        return self

    def team(
        self,
        name: str,
        *,
        repositories: Mapping[str, str] | None = None,
        members: Sequence[str] = (),
    ) -> Self:
        """Add a team with its roles (pull, push, admin …) on repositories."""
        made = Team(self.world.next_id("team"), name, members, dict(repositories or {}))
        self.teams.append(made)
        return self

    def property(
        self, name: str, value_type: str = "string", *, allowed: Sequence[str] = ()
    ) -> Self:
        """Define a custom property."""
        self.properties.append(Property(name, value_type, allowed))
        return self

    def private_registry(self, name: str, registry_type: str, **attributes: Any) -> Self:
        """Add a registry credential that is kept on the organization."""
        self.private_registries.append(PrivateRegistry(name, registry_type, **attributes))
        return self

    def run(
        self,
        repository: str,
        path: str,
        *,
        event: str = "push",
        conclusion: str | None = "success",
        at: int = EPOCH - DAY,
        artifacts: Mapping[str, Mapping[str, bytes]] | None = None,
    ) -> Self:
        """Add a workflow run, with artifacts as name to files."""
        owner = self.repository(repository)
        kept = [
            Artifact(self.world.next_id("artifact"), name, files)
            for name, files in (artifacts or {}).items()
        ]
        sha = owner.head.commit if owner.head else "0" * 40
        run = Run(
            self.world.next_id("run"), path, event, conclusion, owner.default_branch, sha, at, kept
        )
        owner.runs.append(run)
        return self

    def attest(self, package_type: str, name: str, *, repository: str, workflow: str) -> Self:
        """Attest the newest version of a package."""
        digest = self.packages[package_type, name].versions[0].name
        made = Attestation(digest, self.repository(repository), workflow)
        self.attestations.setdefault(digest, []).append(made)
        return self

    def event(
        self, action: str, *, actor: str = "olivia", at: int = EPOCH - DAY, **fields: object
    ) -> Self:
        """Write a line into the audit log."""
        self.audit.append(AuditEvent(action, actor, at, fields))
        return self

    def authorize(
        self, login: str, last_eight: str, *, scopes: Sequence[str], note: str = "ci"
    ) -> Self:
        """Record a classic token that was authorised for single sign-on."""
        made = CredentialAuthorization(
            self.world.next_id("credential"), login, last_eight, scopes, note
        )
        self.credential_authorizations.append(made)
        return self

    def installation(
        self,
        slug: str,
        *,
        permissions: Mapping[str, str],
        repositories: Sequence[str] | None = None,
        suspended: bool = False,
    ) -> Self:
        """Install a GitHub App, on all repositories or on some."""
        made = Installation(
            self.world.next_id("installation"),
            self.world.next_id("app"),
            slug,
            permissions,
            repositories,
            suspended,
        )
        self.installations.append(made)
        return self


def as_secrets(names: Names) -> list[Secret]:
    """Accept names as well as secrets."""
    return [n if isinstance(n, Secret) else Secret(n) for n in names]


def is_granular(package_type: str) -> bool:
    """Tell whether permissions are the package's own on github.com."""
    return package_type in GRANULAR
