"""GraphQL's objects over the world; graphql-core reads attributes and calls methods by name."""

# ruff: noqa: N802, N803 - the names are GitHub's

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from tests.fake_github.access import sees
from tests.fake_github.context import Context, node_id
from tests.fake_github.model import Repository, iso

if TYPE_CHECKING:
    from tests.fake_github.gitdata import Entry, File, Snapshot, Tree
    from tests.fake_github.organization import Organization

SOMETHING_WRONG = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it"
    " could be a GitHub bug. Please include `C0DE:1234` when reporting this issue."
)


class TypedError(GraphQLError):
    """An error that carries GitHub's `type`."""

    def __init__(self, message: str, kind: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind


def find_repository(ctx: Context, owner: str, name: str, *, follow: bool = True) -> RepositoryNode:
    """Look a repository up, through renames; what the token can't see is not there."""
    organization = ctx.world.orgs.get(owner.lower())
    found = organization.repositories.get(name.lower()) if organization else None
    if found is None and organization is not None and follow:
        found = ctx.world.by_id.get(organization.renamed.get(name.lower(), 0))
    if found is None or not sees(ctx.credential, found):
        raise TypedError(
            f"Could not resolve to a Repository with the name '{owner}/{name}'.", "NOT_FOUND"
        )
    if found.full_name in ctx.world.switches.graphql_partial:
        raise TypedError(SOMETHING_WRONG)
    return RepositoryNode(ctx, found)


@dataclass(frozen=True, slots=True)
class EnterpriseNode:
    """The enterprise that owns the organizations."""

    ctx: Context

    @property
    def id(self) -> str:
        """Give the node id."""
        return node_id("E", 1)

    @property
    def slug(self) -> str | None:
        """Give the name in addresses."""
        return self.ctx.world.enterprise

    def organizations(
        self, _info: Any, *, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        """Page through its organizations; one of which the person is no member is null."""
        if first is None or not 1 <= first <= 100:
            raise TypedError("You must provide a `first` value.", "MISSING_PAGINATION_BOUNDARIES")
        all_of_them = list(self.ctx.world.orgs.values())
        start = _offset(after)
        part = all_of_them[start : start + first]
        shown = self.ctx.credential.role != "outsider"
        return {
            "totalCount": len(all_of_them),
            "nodes": [OrganizationNode(self.ctx, one) if shown else None for one in part],
            "pageInfo": {
                "hasNextPage": start + first < len(all_of_them),
                "hasPreviousPage": start > 0,
                "startCursor": _cursor(start + 1) if part else None,
                "endCursor": _cursor(start + len(part)) if part else None,
            },
        }


@dataclass(frozen=True, slots=True)
class OrganizationNode:
    """An organization."""

    ctx: Context
    organization: Organization

    @property
    def id(self) -> str:
        """Give the node id."""
        return node_id("O", self.organization.id)

    @property
    def databaseId(self) -> int:
        """Give REST's id."""
        return self.organization.id

    @property
    def login(self) -> str:
        """Give the name in addresses."""
        return self.organization.login

    @property
    def name(self) -> str:
        """Give the display name."""
        return self.organization.login.title()

    def repository(self, _info: Any, *, name: str, followRenames: bool = True) -> RepositoryNode:
        """Look a repository up."""
        return find_repository(self.ctx, self.login, name, follow=followRenames)

    def repositories(self, _info: Any, **arguments: Any) -> dict[str, Any]:
        """Page through the repositories that this token can see."""
        first = arguments.get("first")
        if first is None:
            raise TypedError(
                "You must provide a `first` or `last` value to properly paginate the"
                " `repositories` connection.",
                "MISSING_PAGINATION_BOUNDARIES",
            )
        if not 1 <= first <= 100:
            raise TypedError(
                f"Requesting {first} records on the `repositories` connection exceeds the"
                " `first` limit of 100 records.",
                "EXCESSIVE_PAGINATION",
            )
        found = [r for r in self._all() if _wanted(r, arguments)]
        found.sort(key=_order(arguments), reverse=_descending(arguments))
        start = _offset(arguments.get("after"))
        part = found[start : start + first]
        nodes = [self._node(r) for r in part]
        cursors = [_cursor(start + at + 1) for at in range(len(part))]
        return {
            "totalCount": len(found),
            "nodes": nodes,
            "edges": [{"cursor": c, "node": n} for c, n in zip(cursors, nodes, strict=True)],
            "pageInfo": {
                "hasNextPage": start + first < len(found),
                "hasPreviousPage": start > 0,
                "startCursor": cursors[0] if cursors else None,
                "endCursor": cursors[-1] if cursors else None,
            },
        }

    def _all(self) -> list[Repository]:
        kept = list(self.organization.repositories.values())
        return [r for r in kept if sees(self.ctx.credential, r)]

    def _node(self, repository: Repository) -> RepositoryNode | TypedError:
        if repository.full_name in self.ctx.world.switches.graphql_partial:
            return TypedError(SOMETHING_WRONG)
        return RepositoryNode(self.ctx, repository)


def _wanted(repository: Repository, arguments: dict[str, Any]) -> bool:
    visibility = arguments.get("visibility")
    privacy = arguments.get("privacy")
    public = repository.visibility == "public"
    return (
        visibility in (None, repository.visibility.upper())
        and privacy in (None, "PUBLIC" if public else "PRIVATE")
        and arguments.get("isFork") in (None, repository.fork)
        and arguments.get("isArchived") in (None, repository.archived)
    )


def _order(arguments: dict[str, Any]) -> Any:
    field = (arguments.get("orderBy") or {}).get("field", "CREATED_AT")
    if field == "NAME":
        return lambda r: r.name.lower()
    return lambda r: (r.pushed_at if field in ("PUSHED_AT", "UPDATED_AT") else 0, r.id)


def _descending(arguments: dict[str, Any]) -> bool:
    return (arguments.get("orderBy") or {}).get("direction") == "DESC"


def _cursor(position: int) -> str:
    return base64.b64encode(f"cursor:v2:{position}".encode()).decode()


def _offset(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor).decode().rpartition(":")[2])
    except ValueError as error:
        raise TypedError(
            f"`{cursor}` does not appear to be a valid cursor.", "INVALID_CURSOR_ARGUMENTS"
        ) from error


@dataclass(frozen=True)
class RepositoryNode:
    """A repository; plain fields are read off `values`."""

    ctx: Context
    repository: Repository

    @cached_property
    def values(self) -> dict[str, Any]:
        """Give every field that needs neither an argument nor work."""
        r = self.repository
        return {
            "id": node_id("R", r.id),
            "databaseId": r.id,
            "name": r.name,
            "nameWithOwner": r.full_name,
            "description": r.description,
            "diskUsage": 0 if r.empty else 108,
            "url": f"{self.ctx.site}/{r.full_name}",
            "visibility": r.visibility.upper(),
            "isPrivate": r.visibility != "public",
            "isArchived": r.archived,
            "isDisabled": r.disabled,
            "isEmpty": r.empty,
            "isFork": r.fork,
            "isInOrganization": True,
            "isLocked": False,
            "isMirror": False,
            "isTemplate": False,
            "forkCount": r.forks_count,
            "forkingAllowed": r.allow_forking,
            "pushedAt": iso(r.pushed_at),
            "createdAt": iso(r.created_at),
            "updatedAt": iso(r.pushed_at),
        }

    def owner(self, _info: Any) -> OrganizationNode:
        """Give the organization."""
        return OrganizationNode(self.ctx, self.ctx.world[self.repository.owner])

    def defaultBranchRef(self, _info: Any) -> dict[str, Any] | None:
        """Give the default branch; nothing while nothing was pushed."""
        branch = self.repository.default_branch
        return None if self.repository.empty else self.ref(None, qualifiedName=branch)

    def ref(self, _info: Any, *, qualifiedName: str) -> dict[str, Any] | None:
        """Look a branch or tag up."""
        name = qualifiedName.removeprefix("refs/heads/").removeprefix("refs/tags/")
        snapshot = self.repository.refs.get(name)
        if snapshot is None:
            return None
        return {
            "__typename": "Ref",
            "id": node_id("REF", self.repository.id),
            "name": name,
            "prefix": "refs/heads/",
            "repository": self,
            "target": lambda _info: self._commit(snapshot),
        }

    def object(
        self, _info: Any, *, expression: str | None = None, oid: str | None = None
    ) -> dict[str, Any] | None:
        """Resolve what git calls a revision, or an object id."""
        if oid is not None:
            return self._by_oid(oid)
        ref, colon, path = (expression or "").partition(":")
        snapshot = self.repository.snapshot(ref)
        if snapshot is None:
            return self._by_oid(ref) if not colon else None
        if not colon:
            return self._commit(snapshot)
        path = path.strip("/")
        tree = snapshot.tree(path)
        if tree is not None:
            return self._tree(snapshot, path, tree)
        file = snapshot.files.get(path)
        return self._blob(file) if file is not None and file.type == "blob" else None

    def _by_oid(self, oid: str) -> dict[str, Any] | None:
        file = self.repository.blob(oid)
        if file is not None:
            return self._blob(file)
        found = self.repository.tree_path(oid)
        if found is None:
            return None
        snapshot, path = found
        return self._tree(snapshot, path, snapshot.trees[path])

    def _head(self, typename: str, oid: str) -> dict[str, Any]:
        return {
            "__typename": typename,
            "id": node_id(typename[0], self.repository.id) + oid[:8],
            "oid": oid,
            "abbreviatedOid": oid[:7],
            "repository": self,
        }

    def _commit(self, snapshot: Snapshot) -> dict[str, Any]:
        return self._head("Commit", snapshot.commit) | {
            "committedDate": iso(self.repository.pushed_at),
            "tree": lambda _info: self._tree(snapshot, "", snapshot.trees[""]),
        }

    def _tree(self, snapshot: Snapshot, path: str, tree: Tree) -> dict[str, Any]:
        def entries(_info: Any) -> list[dict[str, Any]]:
            return [self._entry(snapshot, path, entry) for entry in tree.entries]

        return self._head("Tree", tree.oid) | {"entries": entries}

    def _entry(self, snapshot: Snapshot, parent: str, entry: Entry) -> dict[str, Any]:
        path = f"{parent}/{entry.name}" if parent else entry.name

        def target(_info: Any) -> dict[str, Any] | None:
            if entry.type == "tree":
                return self._tree(snapshot, path, snapshot.trees[path])
            return self._blob(snapshot.files[path]) if entry.type == "blob" else None

        _, dot, extension = entry.name.rpartition(".")
        return {
            "name": entry.name,
            "path": path,
            "mode": int(entry.mode, 8),
            "type": entry.type,
            "oid": entry.oid,
            "size": entry.size or 0,
            "extension": f".{extension}" if dot else "",
            "object": target,
            "repository": self,
        }

    def _blob(self, file: File) -> dict[str, Any]:
        limit = self.ctx.world.switches.graphql_text_limit
        binary = b"\0" in file.content[:8000]
        text = None if binary else file.content[:limit].decode(errors="replace")
        return self._head("Blob", file.oid) | {
            "byteSize": len(file.content),
            "isBinary": binary,
            "isTruncated": len(file.content) > limit,
            "text": text,
        }
