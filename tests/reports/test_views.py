"""What the views make of the base tables, where a rule's test does not show it."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from reports.ruletest import given_database

Rows = Callable[[str, str], list[tuple[Any, ...]]]

REPOSITORIES = """
insert into coverage (family) values ('repositories');
insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/docs', 'docs', 'public'), (2, 'acme/shop', 'shop', 'private'), (3, 'acme/tools', 'tools', 'internal');
"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with given_database("") as connection:
        yield connection


@pytest.fixture
def rows(con: duckdb.DuckDBPyConnection) -> Rows:
    """Return what a query finds after the given facts are in; nothing is left behind."""

    def ask(given: str, query: str) -> list[tuple[Any, ...]]:
        con.begin()
        try:
            con.execute(given)
            return con.execute(query).fetchall()
        finally:
            con.rollback()

    return ask


@pytest.mark.parametrize(
    ("given", "shares"),
    [
        ("", (0.0, 0.0, 0.0)),
        ("insert into coverage (family) values ('repositories')", (0.0, 1.0, 1.0)),
        (
            (
                "insert into coverage (family, subject, status) values ('packages', 'npm/public', 'complete'),"
                " ('packages', 'npm/private', 'denied'), ('packages', 'npm/internal', 'unavailable')"
            ),
            (0.5, 0.0, 0.0),
        ),
        (
            (
                "insert into coverage (family, subject, status, seen, expected) values"
                " ('repositories', '', 'complete', 90, 100)"
            ),
            (0.0, 0.9, 0.9),
        ),
        (
            "insert into coverage (family, subject, status, seen) values ('packages', 'npm/public', 'partial', 90)",
            (0.0, 0.0, 0.0),
        ),
        (
            (
                "insert into coverage (family, subject, status, observed_at) values"
                " ('repositories', '', 'carried', '2026-11-22'), ('packages', 'npm/public', 'carried', '2026-11-20')"
            ),
            (0.0, 1.0, 1.0),
        ),
    ],
)
def test_coverage_is_the_share_of_what_was_listed_and_read(
    rows: Rows, given: str, shares: tuple[float, float, float]
) -> None:
    found = rows(
        given,
        "select packages_share, repositories_share, workflow_files_share, coverage from coverage_summary",
    )

    assert found == [(*shares, min(shares))]


def test_a_file_that_does_not_parse_was_read_and_one_too_large_was_not(rows: Rows) -> None:
    given = REPOSITORIES + (
        "insert into coverage (family, subject) values"
        " ('workflow_trees', '1'), ('workflow_trees', '2'), ('workflow_trees', '3');"
        "insert into workflow_file (repository_id, path, blob_sha, status, reason) values"
        " (1, 'a.yml', 'aa', 'read', null), (1, 'b.yml', 'bb', 'read', null),"
        " (1, 'c.yml', null, 'skipped', 'too_large'), (1, 'd.yml', null, 'skipped', 'symlink'),"
        " (1, 'e.yml', null, 'failed', 'timeout');"
        "insert into blob_facts (blob_sha, status) values ('bb', 'parse_error');"
    )

    assert rows(
        given, "select files_read, files_wanted, workflow_files_share from coverage_summary"
    ) == [(2, 4, 0.5)]


OUTSIDE = (
    "'not_collected', 'It is outside the scope of this run (--include, --exclude, --repos-from).'"
)


def test_a_repository_left_out_on_purpose_is_counted_beside_the_coverage(rows: Rows) -> None:
    given = REPOSITORIES + (
        "insert into coverage (family, subject, status, detail) values"
        " ('workflow_trees', '1', 'complete', null), ('workflow_trees', '2', 'denied', null),"
        f" ('workflow_trees', '3', {OUTSIDE});"
        "insert into workflow_file (repository_id, path, status) values (3, 'a.yml', 'failed');"
    )

    assert rows(
        given, "select trees_read, trees_wanted, files_wanted, trees_left_out from coverage_summary"
    ) == [(1, 2, 0, 1)]


def test_a_scope_that_holds_no_repository_covers_nothing(rows: Rows) -> None:
    given = REPOSITORIES + (
        "insert into coverage (family, subject, status, detail) values"
        f" ('workflow_trees', '1', {OUTSIDE}), ('workflow_trees', '2', {OUTSIDE}),"
        f" ('workflow_trees', '3', {OUTSIDE});"
    )

    assert rows(given, "select workflow_files_share, trees_left_out from coverage_summary") == [
        (0.0, 3)
    ]


def test_what_was_read_before_it_was_left_out_counts_as_long_as_it_is_believed(rows: Rows) -> None:
    given = REPOSITORIES + (
        "insert into coverage (family, subject, status, detail) values"
        " ('workflow_trees', '1', 'complete', null), ('workflow_trees', '2', 'complete', null),"
        f" ('workflow_trees', '3', 'carried', {OUTSIDE.partition(', ')[2]});"
    )

    assert rows(given, "select trees_read, trees_wanted, trees_left_out from coverage_summary") == [
        (3, 3, 0)
    ]


@pytest.mark.parametrize(
    ("repository", "conditions", "places"),
    [
        (1, None, [1]),
        (1, '{"repository_name": {"include": ["nothing"]}}', [1]),
        (1, '{"workflow_path": {"include": ["~ALL"], "exclude": []}}', [1]),
        (1, '{"workflow_path": {"include": ["a.yml"], "exclude": []}}', []),
        (1, '{"workflow_path": {"include": ["~ALL"], "exclude": ["a.yml"]}}', []),
        (0, None, [0]),
        (0, '{"repository_name": {"include": ["~ALL"], "exclude": []}}', [0]),
        (0, '{"repository_name": {"include": ["docs"], "exclude": []}}', []),
        (0, '{"repository_name": {"include": ["~ALL"], "exclude": ["docs"]}}', []),
        (0, '{"repository_id": {"repository_ids": [2, 3]}}', [2, 3]),
        (0, '{"repository_property": {"include": []}}', []),
    ],
)
def test_a_policy_holds_where_its_condition_surely_does(
    rows: Rows, repository: int, conditions: str | None, places: list[int]
) -> None:
    rules = '[{"type": "restrict_action_events", "parameters": {"allowed_events": ["push"]}}]'
    written = "null" if conditions is None else f"'{conditions}'"
    given = (
        "insert into actions_policy (repository_id, name, enforcement, rules, conditions) values"
        f" ({repository}, 'p', 'active', '{rules}', {written})"
    )

    found = rows(given, "select repository_id from event_policies order by all")

    assert [row[0] for row in found] == places


@pytest.mark.parametrize(
    ("kind", "name", "registry", "namespace", "named", "matches"),
    [
        ("container", "Team/Billing", "container", "ACME", "team/billing", True),
        ("container", "billing", "container", "stranger", "billing", False),
        ("container", "billing", "container", "", "billing", False),
        ("container", "billing", "npm", "acme", "billing", False),
        ("npm", "@acme/kit", "npm", "acme", "kit", True),
        ("npm", "kit", "npm", "acme", "@acme/kit", True),
        ("maven", "com.acme.core", "maven", "acme", "com.acme:core", True),
        ("nuget", "Acme.Core", "nuget", "", "acme.core", True),
        ("docker", "shop/old", "docker", "acme", "shop/old", True),
    ],
)
def test_a_reference_names_a_package_of_the_organization(
    *, rows: Rows, kind: str, name: str, registry: str, namespace: str, named: str, matches: bool
) -> None:
    given = REPOSITORIES + (
        f"insert into package (package_id, package_type, name) values (7, '{kind}', '{name}');"
        "insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation)"
        f" values (1, 'a.yml', 'j', 'x', '{registry}', '{namespace}', '{named}', 'pull');"
    )

    assert rows(given, "select package_id from package_references") == [(7 if matches else None,)]


def test_a_migrated_image_is_one_package(rows: Rows) -> None:
    given = REPOSITORIES + (
        "insert into package (package_id, package_type, name) values (7, 'docker', 'web'), (8, 'container', 'web');"
        "insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation)"
        " values (1, 'a.yml', 'j', 'x', 'container', 'acme', 'web', 'pull');"
    )

    assert rows(given, "select package from package_references") == [("container:acme/web",)]


def test_the_settings_page_is_named_with_an_encoded_slash(rows: Rows) -> None:
    given = "insert into package (package_id, package_type, name) values (7, 'container', 'a/b c')"

    assert rows(given, "select settings_url from packages") == [
        ("https://github.com/orgs/acme/packages/container/a%2Fb%20c/settings",)
    ]


def test_a_setting_that_was_not_read_for_too_long_is_not_believed(rows: Rows) -> None:
    given = REPOSITORIES + (
        "insert into fork_approval (repository_id, approval_policy, coverage_family, coverage_subject) values"
        " (1, 'all_external_contributors', 'repo_fork_approval', '1'),"
        " (0, 'first_time_contributors', 'org_fork_approval', '');"
        "insert into coverage (family, subject, status, reason) values ('repo_fork_approval', '1', 'denied', 'stale');"
    )

    assert rows(
        given,
        "select approval_policy, approval_policy_source from repositories where repository_id = 1",
    ) == [("first_time_contributors", "organization")]


@pytest.mark.parametrize(
    ("visibility", "reached"),
    [
        ("all", ["acme/docs", "acme/shop", "acme/tools"]),
        ("private", ["acme/shop", "acme/tools"]),
        ("selected", ["acme/docs"]),
    ],
)
def test_an_organizations_secret_reaches_what_its_visibility_says(
    rows: Rows, visibility: str, reached: list[str]
) -> None:
    given = REPOSITORIES + (
        f"insert into secret (scope, name, visibility) values ('organization', 'X', '{visibility}');"
        "insert into secret_repository (name, repository_id) values ('X', 1);"
    )

    found = rows(given, "select repository from secret_reach order by repository")

    assert [row[0] for row in found] == reached


def test_a_grant_that_was_declared_after_the_newest_run_counts_for_it_and_for_no_earlier_one(
    rows: Rows,
) -> None:
    given = (
        "insert into package (package_id, package_type, name) values (7, 'npm', 'x');"
        "insert into declared_grant (package_type, package_name, declared_at) values ('npm', 'x', '2026-11-25');"
    )
    later = "insert into run (run_id, started_at, ended_at) values ('run-2', '2026-11-24', '2026-11-24');"
    earlier_night = (
        "create temp view current_run as select org, run_id, ended_at as as_of, started_at, ended_at,"
        " edition, web_url, api_url from run where run_id = 'run-1';"
    )

    assert rows(given, "select count(*) from declared_grants") == [(1,)]
    assert rows(given + later + earlier_night, "select count(*) from declared_grants") == [(0,)]


def test_the_history_of_a_package_is_told_in_nights(rows: Rows) -> None:
    given = (
        "insert into run (run_id, started_at, ended_at) values ('run-2', '2026-11-24', '2026-11-24 01:00:00');"
        "insert into package (package_id, package_type, name, visibility, valid_from_run, valid_to_run) values"
        " (7, 'npm', 'x', 'private', 'run-1', 'run-2'), (7, 'npm', 'x', 'public', 'run-2', null);"
    )

    assert rows(
        given,
        "select visibility, strftime(since, '%d %H:%M'), strftime(until, '%d %H:%M') from packages_history"
        " order by since",
    ) == [("private", "23 03:00", "24 01:00"), ("public", "24 01:00", None)]
    assert rows(given, "select kind, until from package_access_history") == [
        ("public_visibility", None)
    ]
