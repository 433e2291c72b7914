"""What an organization owns, as GitHub names it: each type reads itself from one item of JSON."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from collector.github import payloads
from collector.github.payloads import Malformed


class RepositoryField(StrEnum):
    """How a package's `repository` came; three different states of knowledge."""

    PRESENT = "present"
    NULL = "null"
    ABSENT = "absent"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Package:
    """A package, as a list or the single-package request reports it."""

    id: int
    name: str
    # Opaque: container names keep their slashes, npm names may come with or without @scope.
    package_type: str
    visibility: str | None
    # As reported: an open word. GitHub's schema has no `internal`, its filter does.
    version_count: int | None
    created_at: datetime | None
    updated_at: datetime | None
    html_url: str | None
    owner: str | None
    repository_field: RepositoryField
    # Only PRESENT says "connected"; ABSENT in a list says nothing yet.
    repository_id: int | None
    repository_full_name: str | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `/orgs/{org}/packages`."""
        identity = payloads.integer(payload, "id")
        name = payloads.text(payload, "name")
        package_type = payloads.text(payload, "package_type")
        if identity is None or not name or not package_type:
            return Malformed("package", "an item has no id, name or package_type")
        repository = payloads.mapping(payload, "repository")
        return cls(
            id=identity,
            name=name,
            package_type=package_type,
            visibility=payloads.text(payload, "visibility"),
            version_count=payloads.integer(payload, "version_count"),
            created_at=payloads.instant(payload, "created_at"),
            updated_at=payloads.instant(payload, "updated_at"),
            html_url=payloads.text(payload, "html_url"),
            owner=payloads.text(payloads.mapping(payload, "owner"), "login"),
            repository_field=_repository_field(payload),
            repository_id=payloads.integer(repository, "id"),
            repository_full_name=payloads.text(repository, "full_name"),
        )


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """One version of a package; a container's `name` is its digest."""

    id: int
    name: str
    tags: tuple[str, ...]
    created_at: datetime | None
    updated_at: datetime | None
    html_url: str | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `.../versions`."""
        identity, name = payloads.integer(payload, "id"), payloads.text(payload, "name")
        if identity is None or name is None:
            return Malformed("package version", "an item has no id or name")
        metadata = payloads.mapping(payload, "metadata")
        return cls(
            id=identity,
            name=name,
            tags=payloads.texts(payloads.mapping(metadata, "container"), "tags")
            or payloads.texts(payloads.mapping(metadata, "docker"), "tag"),
            created_at=payloads.instant(payload, "created_at"),
            updated_at=payloads.instant(payload, "updated_at"),
            html_url=payloads.text(payload, "html_url"),
        )


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of the organization; what a short payload leaves out is None."""

    id: int
    node_id: str | None
    name: str
    full_name: str
    private: bool | None
    visibility: str | None
    # `public`, `internal` or `private`; from `private` where an older server has no such field.
    fork: bool | None
    archived: bool | None
    disabled: bool | None
    default_branch: str | None
    pushed_at: datetime | None
    created_at: datetime | None
    updated_at: datetime | None
    size: int | None
    # In kilobytes; 0 for an empty repository, and for a very small one.
    forks_count: int | None
    allow_forking: bool | None
    # About *private* forks only; anyone can fork a public repository.
    pull_request_creation_policy: str | None
    # `all` or `collaborators_only`.
    is_template: bool | None
    html_url: str | None
    parent_full_name: str | None
    # Only the single-repository answer has it.
    topics: tuple[str, ...]

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read an item of `/orgs/{org}/repos`, or the answer of `/repos/{owner}/{repo}`."""
        identity, full_name = payloads.integer(payload, "id"), payloads.text(payload, "full_name")
        if identity is None or not full_name or "/" not in full_name:
            return Malformed("repository", "an item has no id or full_name")
        private = payloads.boolean(payload, "private")
        return cls(
            id=identity,
            node_id=payloads.text(payload, "node_id"),
            name=payloads.text(payload, "name") or full_name.partition("/")[2],
            full_name=full_name,
            private=private,
            visibility=payloads.text(payload, "visibility") or _visibility(private),
            fork=payloads.boolean(payload, "fork"),
            archived=payloads.boolean(payload, "archived"),
            disabled=payloads.boolean(payload, "disabled"),
            default_branch=payloads.text(payload, "default_branch"),
            pushed_at=payloads.instant(payload, "pushed_at"),
            created_at=payloads.instant(payload, "created_at"),
            updated_at=payloads.instant(payload, "updated_at"),
            size=payloads.integer(payload, "size"),
            forks_count=payloads.integer(payload, "forks_count"),
            allow_forking=payloads.boolean(payload, "allow_forking"),
            pull_request_creation_policy=payloads.text(payload, "pull_request_creation_policy"),
            is_template=payloads.boolean(payload, "is_template"),
            html_url=payloads.text(payload, "html_url"),
            parent_full_name=payloads.text(payloads.mapping(payload, "parent"), "full_name"),
            topics=payloads.texts(payload, "topics"),
        )


@dataclass(frozen=True, slots=True)
class Organization:
    """The organization; the settings need an owner's view and are None without it."""

    id: int
    login: str
    name: str | None
    plan: str | None
    public_repos: int | None
    total_private_repos: int | None
    # With public_repos: how many repositories a complete list has.
    default_repository_permission: str | None
    members_can_fork_private_repositories: bool | None
    members_can_create_public_repositories: bool | None
    members_can_create_internal_repositories: bool | None
    members_can_create_private_repositories: bool | None
    members_can_change_repo_visibility: bool | None
    two_factor_requirement_enabled: bool | None
    archived_at: datetime | None
    html_url: str | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read the answer of `/orgs/{org}`."""
        identity, login = payloads.integer(payload, "id"), payloads.text(payload, "login")
        if identity is None or not login:
            return Malformed("organization", "the answer has no id or login")
        create = "members_can_create_{}_repositories".format
        return cls(
            id=identity,
            login=login,
            name=payloads.text(payload, "name"),
            plan=payloads.text(payloads.mapping(payload, "plan"), "name"),
            public_repos=payloads.integer(payload, "public_repos"),
            total_private_repos=payloads.integer(payload, "total_private_repos"),
            default_repository_permission=payloads.text(payload, "default_repository_permission"),
            members_can_fork_private_repositories=payloads.boolean(
                payload, "members_can_fork_private_repositories"
            ),
            members_can_create_public_repositories=payloads.boolean(payload, create("public")),
            members_can_create_internal_repositories=payloads.boolean(payload, create("internal")),
            members_can_create_private_repositories=payloads.boolean(payload, create("private")),
            members_can_change_repo_visibility=payloads.boolean(
                payload, "members_can_change_repo_visibility"
            ),
            two_factor_requirement_enabled=payloads.boolean(
                payload, "two_factor_requirement_enabled"
            ),
            archived_at=payloads.instant(payload, "archived_at"),
            html_url=payloads.text(payload, "html_url"),
        )


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One entry of a git tree."""

    path: str
    mode: str
    # `100644`, `100755`, `040000` a directory, `120000` a symbolic link, `160000` a submodule.
    type: str
    # `blob`, `tree` or `commit`.
    sha: str
    size: int | None

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `tree` of `/repos/{owner}/{repo}/git/trees/{sha}`."""
        path, sha = payloads.text(payload, "path"), payloads.text(payload, "sha")
        mode, kind = payloads.text(payload, "mode"), payloads.text(payload, "type")
        if not path or not sha or not mode or not kind:
            return Malformed("tree entry", "an item has no path, mode, type or sha")
        return cls(path=path, mode=mode, type=kind, sha=sha, size=payloads.integer(payload, "size"))


def _visibility(private: bool | None) -> str | None:
    if private is None:
        return None
    return "private" if private else "public"


def _repository_field(payload: dict[str, Any]) -> RepositoryField:
    if "repository" not in payload:
        return RepositoryField.ABSENT
    repository = payload["repository"]
    if repository is None:
        return RepositoryField.NULL
    known = payloads.integer(repository, "id") is not None
    return RepositoryField.PRESENT if known else RepositoryField.MALFORMED
