"""The catalogue of facts: what identifies a row, what may change without making history, and whose child it is.

Payload is every other column of the table, so a migration that adds a column adds history for it.
"""

from dataclasses import dataclass
from typing import Literal

# Filled in by the stage and the publish, never by the walk.
INTERVAL_COLUMNS = ("valid_from_run", "valid_to_run")
# Follow the newest observation in place.
PROVENANCE_COLUMNS = ("coverage_family", "coverage_subject", "observed_at")


@dataclass(frozen=True, slots=True)
class Parent:
    """A table without whose row a fact can't be true."""

    table: str
    columns: tuple[tuple[str, str], ...]
    """Pairs of the child's column and the parent's."""
    where: str = "true"
    """Which of the parent's rows count; the parent is `p`."""


@dataclass(frozen=True, slots=True)
class FactTable:
    """One table that publish keeps as intervals."""

    name: str
    key: tuple[str, ...]
    volatile: tuple[str, ...] = ()
    parents: tuple[Parent, ...] = ()
    alike: str | None = None
    """When two rows tell the same story although their payload differs, in SQL over `old` and `new`."""


@dataclass(frozen=True, slots=True)
class Family:
    """One endpoint family: how long its answer stays good and whose child its subject is."""

    kind: Literal["list", "fact"] = "fact"
    """`list`: setting.max_list_age_days; `fact`: setting.max_fact_age_days."""
    parent: str | None = None
    subject: str | None = None
    """The parent's columns as a subject, in SQL; the parent is `p`."""
    where: str = "true"


_REPOSITORY = Parent("repository", (("repository_id", "repository_id"),))
_PACKAGE = Parent("package", (("package_id", "package_id"),))
_VERSION = Parent("package_version", (("package_id", "package_id"), ("digest", "name")))
_WORKFLOW_FILE = Parent("workflow_file", (("repository_id", "repository_id"), ("path", "path")))
_TEAM = Parent("team", (("team_slug", "slug"),))
_ENVIRONMENT = Parent("environment", (("repository_id", "repository_id"), ("environment", "name")))
_ORGANIZATION_SECRET = Parent(
    "secret", (("store", "store"), ("name", "name")), "p.scope = 'organization'"
)
_SETTING_KEY = ("org", "repository_id")

# Parents stand before their children: publish works through them in this order.
FACT_TABLES = (
    FactTable("organization", ("org",)),
    FactTable("repository", ("org", "repository_id"), ("pushed_at", "forks_count", "size")),
    FactTable("package", ("org", "package_id"), ("updated_at", "version_count")),
    FactTable("team", ("org", "team_id")),
    FactTable("package_connection", ("org", "package_id"), (), (_PACKAGE,)),
    FactTable("package_version", ("org", "version_id"), (), (_PACKAGE,)),
    FactTable("repository_property", ("org", "repository_id", "property_name"), (), (_REPOSITORY,)),
    FactTable("team_repository", ("org", "team_slug", "repository_id"), (), (_TEAM, _REPOSITORY)),
    FactTable(
        "repository_tree", ("org", "repository_id"), ("pushed_at", "root_tree_oid"), (_REPOSITORY,)
    ),
    FactTable("workflow_file", ("org", "repository_id", "path"), (), (_REPOSITORY,)),
    FactTable("actions_permissions", _SETTING_KEY, (), (_REPOSITORY,)),
    FactTable("actions_enabled_repository", _SETTING_KEY, (), (_REPOSITORY,)),
    FactTable("workflow_permissions", _SETTING_KEY, (), (_REPOSITORY,)),
    FactTable("fork_approval", _SETTING_KEY, (), (_REPOSITORY,)),
    FactTable("fork_private_settings", _SETTING_KEY, (), (_REPOSITORY,)),
    FactTable("actions_policy", ("org", "repository_id", "name"), (), (_REPOSITORY,)),
    FactTable("environment", ("org", "repository_id", "name"), (), (_REPOSITORY,)),
    FactTable(
        "secret",
        ("org", "store", "scope", "repository_id", "environment", "name"),
        (),
        (_REPOSITORY, _ENVIRONMENT),
    ),
    FactTable(
        "secret_repository",
        ("org", "store", "name", "repository_id"),
        (),
        (_ORGANIZATION_SECRET, _REPOSITORY),
    ),
    FactTable(
        "variable",
        ("org", "scope", "repository_id", "environment", "name"),
        (),
        (_REPOSITORY, _ENVIRONMENT),
    ),
    FactTable(
        "registry_login",
        (
            "org",
            "repository_id",
            "path",
            "job",
            "form",
            "registry",
            "credential_name",
            "ordinal",
        ),
        (),
        (_REPOSITORY,),
    ),
    FactTable(
        "package_reference",
        (
            "org",
            "repository_id",
            "path",
            "job",
            "kind",
            "registry",
            "host",
            "namespace",
            "name",
            "operation",
            "ordinal",
        ),
        (),
        (_REPOSITORY,),
    ),
    FactTable(
        "audit_event",
        (
            "org",
            "action",
            "ecosystem",
            "package_name",
            "repository_full_name",
            "actor",
            "credential_type",
            "hashed_token",
        ),
        ("document_id", "version", "created_at"),
    ),
    FactTable(
        "attestation",
        (
            "org",
            "package_id",
            "digest",
            "repository_id",
            "workflow_path",
            "workflow_ref",
            "predicate_type",
        ),
        (),
        (_PACKAGE, _VERSION),
    ),
    FactTable(
        "workflow_run",
        ("org", "repository_id", "path"),
        ("run_id", "event", "head_sha", "created_at"),
        (_REPOSITORY, _WORKFLOW_FILE),
    ),
    FactTable("credential_authorization", ("org", "credential_id"), ("accessed_at",)),
)

# Derived in the publish from what the other families brought.
LINK_FAMILY = "links"
LINK_TABLES = ("registry_login", "package_reference")

# Coverage is kept as intervals too. What tells one night's answer from another's is no history, nor
# is the turn from complete to carried and back: that would be two intervals for every subject and
# every time it is read. observed_at says which it is.
COVERAGE = FactTable(
    "coverage",
    ("org", "family", "subject"),
    ("detail", "seen", "expected", "credential", "request_id"),
    alike="old.status in ('complete', 'carried') and new.status in ('complete', 'carried')",
)

_OF_REPOSITORY = Family(parent="repository", subject="p.repository_id::varchar")
_OF_PACKAGE = Family(parent="package", subject="p.package_id::varchar")
_OF_ENVIRONMENT = Family(parent="environment", subject="p.repository_id::varchar || '/' || p.name")

FAMILIES = {
    "organization": Family(),
    "packages": Family(kind="list"),
    "repositories": Family(kind="list"),
    "package_details": _OF_PACKAGE,
    "package_versions": _OF_PACKAGE,
    "workflow_trees": _OF_REPOSITORY,
    "org_actions_permissions": Family(),
    "org_workflow_permissions": Family(),
    "org_fork_approval": Family(),
    "org_fork_private": Family(),
    "org_actions_policies": Family(),
    "org_actions_enabled_repositories": Family(),
    "repo_actions_permissions": _OF_REPOSITORY,
    "repo_workflow_permissions": _OF_REPOSITORY,
    "repo_fork_approval": _OF_REPOSITORY,
    "repo_fork_private": _OF_REPOSITORY,
    "repo_actions_policies": _OF_REPOSITORY,
    "org_secrets": Family(),
    "org_secret_repositories": Family(
        parent="secret",
        subject="p.name",
        where="p.scope = 'organization' and p.store = 'actions'",
    ),
    "org_dependabot_secrets": Family(),
    "org_dependabot_secret_repositories": Family(
        parent="secret",
        subject="p.name",
        where="p.scope = 'organization' and p.store = 'dependabot'",
    ),
    "org_variables": Family(),
    "repo_secrets": _OF_REPOSITORY,
    "repo_variables": _OF_REPOSITORY,
    "repo_environments": _OF_REPOSITORY,
    "repo_dependabot_secrets": _OF_REPOSITORY,
    "environment_secrets": _OF_ENVIRONMENT,
    "environment_variables": _OF_ENVIRONMENT,
    "custom_properties": Family(),
    "teams": Family(),
    "team_repositories": Family(parent="team", subject="p.slug"),
    "audit_log": Family(),
    "credential_authorizations": Family(),
    "attestations": Family(
        parent="package_version", subject="p.package_id::varchar || '/' || p.name"
    ),
    "workflow_runs": Family(
        parent="workflow_file", subject="p.repository_id::varchar || '/' || p.path"
    ),
    LINK_FAMILY: _OF_REPOSITORY,
}


def fact_table(name: str) -> FactTable:
    """Return the catalogue's entry of one fact table."""
    for table in FACT_TABLES:
        if table.name == name:
            return table
    raise ValueError(f"{name!r} is no table of facts")
