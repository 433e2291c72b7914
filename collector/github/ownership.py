"""Who answers for a repository: teams and custom properties."""

from dataclasses import dataclass
from typing import Any, Self

from collector.github import payloads
from collector.github.payloads import Malformed


@dataclass(frozen=True, slots=True)
class Team:
    """A team; in a repository's list with the permission it holds there."""

    id: int
    slug: str
    name: str | None
    privacy: str | None
    permission: str | None
    parent: str | None
    # The parent team's slug.
    access_source: str | None
    # `direct`, `organization` or `enterprise`; only in a repository's list.

    @classmethod
    def from_payload(cls, payload: Any) -> Self | Malformed:
        """Read one item of `/orgs/{org}/teams` or `/repos/{owner}/{repo}/teams`."""
        identity, slug = payloads.integer(payload, "id"), payloads.text(payload, "slug")
        if identity is None or not slug:
            return Malformed("team", "an item has no id or slug")
        return cls(
            id=identity,
            slug=slug,
            name=payloads.text(payload, "name"),
            privacy=payloads.text(payload, "privacy"),
            permission=payloads.text(payload, "permission"),
            parent=payloads.text(payloads.mapping(payload, "parent"), "slug"),
            access_source=payloads.text(payload, "access_source"),
        )


@dataclass(frozen=True, slots=True)
class CustomPropertyValue:
    """One custom property of one repository; several values for a multi-select."""

    repository_id: int
    repository_full_name: str | None
    property_name: str
    values: tuple[str, ...]
    # Empty: the property exists and is not set.

    @classmethod
    def from_payload(cls, payload: Any) -> tuple[Self | Malformed, ...]:
        """Read one item of `/orgs/{org}/properties/values`: a repository with all its properties."""
        repository_id = payloads.integer(payload, "repository_id")
        if repository_id is None:
            return (Malformed("custom property", "an item has no repository_id"),)
        full_name = payloads.text(payload, "repository_full_name")
        return tuple(
            cls._from_property(item, repository_id=repository_id, full_name=full_name)
            for item in payloads.sequence(payload, "properties")
        )

    @classmethod
    def _from_property(
        cls, item: Any, *, repository_id: int, full_name: str | None
    ) -> Self | Malformed:
        name = payloads.text(item, "property_name")
        if not name:
            return Malformed("custom property", "a property has no property_name")
        single = payloads.text(item, "value")
        return cls(
            repository_id=repository_id,
            repository_full_name=full_name,
            property_name=name,
            values=payloads.texts(item, "value") if single is None else (single,),
        )
