"""Made-up facts of many small organizations, as hypothesis draws them, and what the rules make of them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import duckdb
from hypothesis import strategies as st

from reports.catalog import Rule
from reports.evaluation import shared_views

# A fact is a table and the columns that matter; the rest has the defaults of given.sql.
Fact = tuple[str, tuple[tuple[str, Any], ...]]
Verdicts = dict[tuple[str, str, str], tuple[Any, ...]]

TYPES: Final = ("container", "container", "npm", "maven", "docker")
VISIBILITIES: Final = ("public", "internal", "private", "private")
ROLES: Final = ("read", "write", "admin")
REPOSITORIES: Final = range(1, 5)
PACKAGES: Final = range(1, 6)


def fact(table: str, **columns: Any) -> Fact:
    return table, tuple(sorted(columns.items()))


def insert(con: duckdb.DuckDBPyConnection, facts: Iterable[Fact]) -> None:
    for table, columns in facts:
        names = ", ".join(name for name, _ in columns)
        marks = ", ".join("?" for _ in columns)
        con.execute(f"insert into {table} ({names}) values ({marks})", [v for _, v in columns])


def judged(
    con: duckdb.DuckDBPyConnection, facts: Iterable[Fact], *, rules: Sequence[Rule]
) -> Verdicts:
    """Return what the rules say of these facts, in a transaction that leaves nothing behind."""
    con.begin()
    try:
        insert(con, facts)
        with shared_views(con, org=None):
            return {
                (rule.id, row[0], row[1]): row[2:]
                for rule in rules
                for row in con.execute(rule.sql).fetchall()
            }
    finally:
        con.rollback()


@st.composite
def organizations(draw: st.DrawFn, *, count: int = 12) -> list[Fact]:
    """Draw the facts of several organizations."""
    facts: list[Fact] = []
    for number in range(count):
        facts += draw(organization(name=f"org-{number}", run=f"run-{number + 2}"))
    return facts


@st.composite
def organization(draw: st.DrawFn, *, name: str, run: str) -> list[Fact]:
    """Draw the facts of one organization: lists, settings, evidence, and how well each was read."""
    edition = draw(st.sampled_from(["github.com", "ghec", "ghec", "ghes", "ghe.com"]))
    facts = [fact("run", run_id=run, org=name, edition=edition), *draw(coverage(org=name))]
    for number in draw(st.sets(st.sampled_from(REPOSITORIES), min_size=1)):
        facts += draw(repository(org=name, number=number))
    for number in draw(st.sets(st.sampled_from(PACKAGES), min_size=1)):
        facts += draw(package(org=name, number=number))
    facts += draw(st.lists(granting(org=name) | denying(org=name), max_size=4))
    facts += draw(st.lists(workflow(org=name), max_size=3, unique_by=str))
    return list(dict.fromkeys(facts))


@st.composite
def coverage(draw: st.DrawFn, *, org: str) -> list[Fact]:
    subjects = [("repositories", ""), ("org_secrets", ""), ("org_fork_private", "")]
    subjects += [
        ("packages", f"{kind}/{visibility}")
        for kind in sorted(set(TYPES))
        for visibility in sorted(set(VISIBILITIES))
    ]
    for number in REPOSITORIES:
        subjects += [
            (family, str(number))
            for family in (
                "workflow_trees",
                "repo_secrets",
                "repo_environments",
                "repo_fork_approval",
            )
        ]
    subjects += [("package_details", str(number)) for number in PACKAGES]
    subjects += [("package_versions", str(number)) for number in PACKAGES]
    lost = draw(st.sets(st.sampled_from(subjects), max_size=3))
    return [
        fact("coverage", org=org, family=family, subject=subject)
        if (family, subject) not in lost
        else fact(
            "coverage",
            org=org,
            family=family,
            subject=subject,
            status="denied",
            reason="forbidden_403",
        )
        for family, subject in subjects
    ]


@st.composite
def repository(draw: st.DrawFn, *, org: str, number: int) -> list[Fact]:
    made = [
        fact(
            "repository",
            org=org,
            repository_id=number,
            full_name=f"{org}/repository-{number}",
            name=f"repository-{number}",
            visibility=draw(st.sampled_from(VISIBILITIES)),
            archived=draw(st.sampled_from([False, False, True])),
            pull_request_creation_policy=draw(st.sampled_from([None, "all", "collaborators_only"])),
        )
    ]
    if draw(st.booleans()):
        made.append(
            fact(
                "fork_approval",
                org=org,
                repository_id=number,
                approval_policy=draw(
                    st.sampled_from(["first_time_contributors", "all_external_contributors"])
                ),
                coverage_family="repo_fork_approval",
                coverage_subject=str(number),
            )
        )
    if draw(st.booleans()):
        made.append(
            fact("actions_permissions", org=org, repository_id=number, enabled=draw(st.booleans()))
        )
    return made


@st.composite
def package(draw: st.DrawFn, *, org: str, number: int) -> list[Fact]:
    kind = draw(st.sampled_from(TYPES))
    visibility = draw(st.sampled_from(VISIBILITIES))
    listed = draw(st.booleans())
    connected = draw(st.sampled_from([None, *REPOSITORIES, 99]))
    columns: dict[str, Any] = {
        "org": org,
        "package_id": number,
        "package_type": kind,
        "name": f"package-{number}",
        "visibility": visibility,
        "updated_at": draw(st.sampled_from(["2020-01-01", "2026-11-01"])),
        "coverage_subject": f"{kind}/{visibility}",
    }
    if listed and connected:
        columns |= {
            "listed_repository": "present",
            "repository_id": connected,
            "repository_full_name": f"{org}/repository-{connected}",
        }
        return [fact("package", **columns)]
    made = [fact("package", **columns)]
    if draw(st.booleans()):
        made.append(
            fact(
                "package_connection",
                org=org,
                package_id=number,
                repository_id=connected,
                repository_full_name=f"{org}/repository-{connected}" if connected else None,
                coverage_subject=str(number),
            )
        )
    return made


@st.composite
def granting(draw: st.DrawFn, *, org: str) -> Fact:
    """Draw one piece of evidence that some repository can use some package."""
    package_number = draw(st.sampled_from(PACKAGES))
    repository_number = draw(st.sampled_from(REPOSITORIES))
    kind = draw(st.sampled_from(["declared", "probe", "reference", "audit", "attestation"]))
    if kind in {"audit", "attestation"}:
        return draw(using(org=org))
    if kind == "declared":
        return fact(
            "declared_grant",
            org=org,
            package_type=draw(st.sampled_from(sorted(set(TYPES)))),
            package_name=f"package-{package_number}",
            repository=f"{org}/repository-{repository_number}",
            role=draw(st.sampled_from(ROLES)),
            declared_at=draw(st.sampled_from(["2026-10-01", "2026-11-01"])),
        )
    if kind == "probe":
        return fact(
            "probe_answer",
            org=org,
            package_id=package_number,
            repository_id=repository_number,
            granted=True,
            from_fork=draw(st.booleans()),
            answered_at=draw(st.sampled_from(["2026-10-30", "2026-11-20"])),
        )
    return fact(
        "package_reference",
        org=org,
        repository_id=repository_number,
        path=".github/workflows/named.yml",
        job="build",
        kind="container_image",
        registry=draw(st.sampled_from(["container", "npm"])),
        namespace=org,
        name=f"package-{package_number}",
        operation=draw(st.sampled_from(["pull", "push"])),
        ordinal=draw(st.integers(0, 1000)),
    )


@st.composite
def using(draw: st.DrawFn, *, org: str) -> Fact:
    """Draw one sign that some repository's workflows were seen using some package."""
    package_number = draw(st.sampled_from(PACKAGES))
    repository_number = draw(st.sampled_from(REPOSITORIES))
    if draw(st.booleans()):
        return fact(
            "attestation",
            org=org,
            package_id=package_number,
            digest="sha256:aa",
            repository_id=repository_number,
        )
    return fact(
        "audit_event",
        org=org,
        package_name=draw(st.sampled_from(["", f"{org}/"])) + f"package-{package_number}",
        ecosystem=draw(st.sampled_from(["", *sorted(set(TYPES))])),
        repository_full_name=f"{org}/repository-{repository_number}",
        actor=draw(st.sampled_from(["github-actions[bot]", "octocat"])),
    )


@st.composite
def denying(draw: st.DrawFn, *, org: str) -> Fact:
    """Draw one piece of evidence that some repository can't use some package."""
    package_number = draw(st.sampled_from(PACKAGES))
    repository_number = draw(st.sampled_from(REPOSITORIES))
    if draw(st.booleans()):
        return fact(
            "probe_answer",
            org=org,
            package_id=package_number,
            repository_id=repository_number,
            granted=False,
            answered_at=draw(st.sampled_from(["2026-10-29", "2026-11-21"])),
        )
    named = draw(st.booleans())
    return fact(
        "declared_grant",
        org=org,
        package_type=draw(st.sampled_from(sorted(set(TYPES)))),
        package_name=f"package-{package_number}",
        repository=f"{org}/repository-{repository_number}" if named else "",
        role="none" if named else None,
        complete=draw(st.booleans()),
        inherits=draw(st.sampled_from([None, False])),
        declared_at=draw(st.sampled_from(["2026-10-02", "2026-11-02"])),
    )


@st.composite
def workflow(draw: st.DrawFn, *, org: str) -> Fact:
    """Draw a registry login of some workflow."""
    number = draw(st.sampled_from(REPOSITORIES))
    return fact(
        "registry_login",
        org=org,
        repository_id=number,
        path=f".github/workflows/w{draw(st.integers(0, 2))}.yml",
        job="build",
        form="docker_login",
        registry=draw(st.sampled_from(["container", "npm", "maven", "docker", ""])),
        credential=draw(st.sampled_from(["pat", "pat", "github_token", "literal", "unknown"])),
        credential_name=f"SECRET_{draw(st.integers(0, 1))}",
        operation=draw(st.sampled_from(["pull", "push", "delete", "unknown"])),
        fallback=draw(st.booleans()),
        ordinal=draw(st.integers(0, 1000)),
        coverage_subject=str(number),
    )
