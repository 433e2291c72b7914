"""The whole fake GitHub: its organizations, its edition, and the oddities it is asked to show."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fake_github.gitdata import File, Snapshot
from tests.fake_github.model import DAY, GRANULAR, Package, Repository, Version
from tests.fake_github.organization import Files, Organization

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_IDS = {
    "organization": 7_000_001,
    "repository": 510_000_001,
    "package": 3_400_001,
    "version": 88_000_001,
    "run": 9_100_000_001,
    "artifact": 2_200_000_001,
    "team": 4_000_001,
    "credential": 161_195_001,
    "installation": 25_381_001,
    "app": 310_001,
}

NO_ADMIN = "Must have admin rights to Repository."


@dataclass(slots=True)
class Switches:
    """What GitHub may or may not do; each is an open question or a reported trap.

    Attributes:
        list_repository: package lists name the connected repository.
        internal_field: what `visibility` says of an internal package ("internal" or "private").
        page_overlap: so many packages of a page are repeated on the next.
        rotate_packages: so many packages move to the end after each list page.
        tree_limit: a recursive tree is truncated above so many entries.
        graphql_page: so many repositories in one GraphQL query are answered 502 from here on.
        graphql_partial: repositories (owner/name) whose GraphQL answer is null with an error.
        graphql_text_limit: `Blob.text` is cut (isTruncated) above so many bytes.
        app_lists_packages: an App may list packages after all.
    """

    list_repository: bool = True
    internal_field: str = "internal"
    page_overlap: int = 0
    rotate_packages: int = 0
    tree_limit: int = 100_000
    graphql_page: int = 100
    graphql_partial: set[str] = field(default_factory=set)
    graphql_text_limit: int = 512_000
    app_lists_packages: bool = False


@dataclass(frozen=True, slots=True)
class Denial:
    """Paths (with `*`) that are refused to everyone, for good."""

    path: str
    status: int = 403
    message: str = NO_ADMIN


class World:
    """A GitHub with organizations in it.

    Args:
        seed: all made-up digests follow from it; ids and dates are counted.
        edition: github.com, ghec, ghes or ghe.com.
        enterprise: slug of the enterprise that owns the organizations, if any.
    """

    def __init__(
        self, *, seed: int = 1, edition: str = "github.com", enterprise: str | None = None
    ) -> None:
        self.seed = seed
        self.edition = edition
        self.enterprise = enterprise
        self.switches = Switches()
        self.orgs: dict[str, Organization] = {}
        self.by_id: dict[int, Repository] = {}
        self.denials: list[Denial] = []
        self.pat_logins: set[tuple[str, str, str]] = set()
        self._counters: Counter[str] = Counter()
        self._files: dict[bytes, File] = {}

    @property
    def granular(self) -> frozenset[str]:
        """Give the package types with permissions of their own in this edition."""
        return frozenset({"container"}) if self.edition == "ghes" else GRANULAR

    @property
    def has_audit_log(self) -> bool:
        """Tell whether this edition offers the audit log."""
        return self.edition != "github.com"

    def org(self, login: str) -> Organization:
        """Give the organization of that name; make it when there is none."""
        found = self.orgs.get(login.lower())
        if found is None:
            found = Organization(self, login, self.next_id("organization"))
            self.orgs[login.lower()] = found
        return found

    def deny(self, path: str, status: int = 403, message: str = NO_ADMIN) -> None:
        """Refuse a path (`*` matches anything) to everyone."""
        self.denials.append(Denial(path, status, message))

    def has_pat_login(self, repository: str, path: str, secret: str) -> None:
        """Write into the truth that this file logs in with this stored secret."""
        self.pat_logins.add((repository, path, secret))

    def next_id(self, kind: str) -> int:
        """Count upwards, each kind from its own start."""
        self._counters[kind] += 1
        return FIRST_IDS[kind] + self._counters[kind] - 1

    def snapshot(self, files: Files | Snapshot) -> Snapshot:
        """Make a commit's files; equal contents are kept once."""
        if isinstance(files, Snapshot):
            return files
        return Snapshot({path: self._intern(content) for path, content in files.items()})

    def _intern(self, content: str | bytes | File) -> File:
        if isinstance(content, File):
            return content
        body = content.encode() if isinstance(content, str) else content
        return self._files.setdefault(body, File.of(body))

    def digest(self, *parts: object) -> str:
        """Make a digest up, the same for the same seed and parts."""
        text = "/".join(str(part) for part in (self.seed, *parts))
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"

    def make_versions(self, package: Package, count: int) -> list[Version]:
        """Make versions up, the newest first; containers are named by digest."""
        made = []
        for number in range(count, 0, -1):
            label = f"1.{number}.0"
            container = package.type == "container"
            tags = (label, "latest") if number == count else (label,)
            made.append(
                Version(
                    self.next_id("version"),
                    self.digest(package.name, number) if container else label,
                    tags if package.type in ("container", "docker") else (),
                    package.updated_at - (count - number) * 7 * DAY,
                )
            )
        return made

    def repositories(self) -> Iterable[Repository]:
        """Yield every repository of every organization."""
        for organization in self.orgs.values():
            yield from organization.repositories.values()

    def packages(self) -> Iterable[Package]:
        """Yield every package of every organization."""
        for organization in self.orgs.values():
            yield from organization.packages.values()

    def __getitem__(self, login: str) -> Organization:
        return self.orgs[login.lower()]
