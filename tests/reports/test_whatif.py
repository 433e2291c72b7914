"""What-if: nothing real is touched, and what a change breaks stands first."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from collector.errors import UsageError
from collector.store import open_inventory
from reports.catalog import shipped_rules
from reports.remedies import advise_grants
from reports.ruletest import given_database
from reports.whatif import Difference, simulate
from reports.whatif_changes import FORMS, Change, parse_change
from tests.pkginventory.inventories import inventory

ACME = """
insert into coverage (family, subject) values ('repositories', ''), ('packages', 'container/private'),
    ('packages', 'maven/private'), ('org_secrets', ''), ('package_details', '12');
insert into repository (repository_id, full_name, name, visibility, archived, forks_count) values
    (1, 'acme/docs', 'docs', 'public', false, 12), (2, 'acme/shop', 'shop', 'private', false, 0);
insert into package (package_id, package_type, name, visibility, listed_repository, repository_id,
    repository_full_name, coverage_subject) values
    (10, 'container', 'billing', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (11, 'container', 'ledger', 'private', 'present', 2, 'acme/shop', 'container/private'),
    (12, 'container', 'a=b:c', 'private', 'absent', null, null, 'container/private'),
    (13, 'maven', 'com.acme.app', 'private', 'present', 2, 'acme/shop', 'maven/private');
insert into package_connection (package_id, coverage_subject) values (12, '12');
insert into secret (scope, name, visibility) values ('organization', 'GHCR_PAT', 'all');
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation,
    expression, fallback, host, line) values
    (2, '.github/workflows/x.yml', 'build', 'docker/login-action', 'container', 'pat', 'GHCR_PAT', 'push',
     '${{ secrets.GHCR_PAT }}', false, 'ghcr.io', 9),
    (1, '.github/workflows/y.yml', 'build', 'docker/login-action', 'container', 'pat', 'GHCR_PAT', 'pull',
     '${{ secrets.GHCR_PAT }}', false, 'ghcr.io', 9);
insert into package_reference (repository_id, path, job, kind, registry, host, namespace, name, operation, line) values
    (2, '.github/workflows/x.yml', 'build', 'docker_push', 'container', 'ghcr.io', 'acme', 'ledger', 'push', 12),
    (1, '.github/workflows/y.yml', 'build', 'container_image', 'container', 'ghcr.io', 'acme', 'ledger', 'pull', 12);
"""
RULES = tuple(rule for rule in shipped_rules() if rule.id in {"PKG001", "PKG007", "PKG009"})


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with given_database(ACME) as opened:
        yield opened


def tried(con: duckdb.DuckDBPyConnection, *changes: str) -> dict[tuple[str, str], Difference]:
    found = simulate(con, org="acme", rules=RULES, changes=[parse_change(text) for text in changes])
    return {(item.rule, item.subject): item for item in found}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "make-public",
        "make-public:",
        "delete:acme/docs",
        "grant:container:acme/billing=acme/shop",
        "grant:container:acme/billing=acme/shop:owner",
        "connect:container:acme/billing",
        "connect:container:acme/billing=acme/shop:read",
        "connect:=acme/shop",
    ],
)
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_change(text)


@pytest.mark.parametrize("text", FORMS.values())
def test_every_form_is_read_and_written_back(text: str) -> None:
    assert str(parse_change(text)) == text


def test_a_package_may_have_any_name() -> None:
    expected = Change(
        kind="grant", subject="container:acme/a=b:c", repository="acme/docs", role="read"
    )

    assert parse_change("grant:container:acme/a=b:c=acme/docs:read") == expected


@pytest.mark.parametrize(
    "text",
    [
        "make-public:acme/nowhere",
        "archive:other/shop",
        "revoke-secret:NOBODY",
        "connect:container:acme/nowhere=acme/shop",
        "grant:container:acme/billing=acme/nowhere:read",
        "make-public:x:y",
    ],
)
def test_what_was_not_listed_cannot_be_changed(con: duckdb.DuckDBPyConnection, text: str) -> None:
    with pytest.raises(UsageError):
        tried(con, text)

    assert con.execute("select count(*) from duckdb_tables() where temporary").fetchone() == (0,)


def test_nothing_changes_where_nothing_is_done(con: duckdb.DuckDBPyConnection) -> None:
    assert tried(con) == {}
    assert tried(con, "make-public:acme/docs") == {}


def test_the_real_tables_stay_as_they_are(con: duckdb.DuckDBPyConnection) -> None:
    before = con.execute("from repository order by all").fetchall()

    tried(con, "make-public:acme/shop", "archive:acme/docs")

    assert con.execute("from repository order by all").fetchall() == before


def test_a_repository_made_public_exposes_its_private_package(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = simulate(con, org="acme", rules=RULES, changes=[parse_change("make-public:acme/shop")])

    assert (found[0].kind, found[0].rule, found[0].subject) == (
        "new",
        "PKG001",
        "container:acme/ledger",
    )
    assert [item.kind for item in found] == sorted(
        (item.kind for item in found),
        key=["new", "worse", "unsure", "better", "fixed", "other"].index,
    )


def test_a_repository_scoped_package_follows_its_repository(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = tried(con, "make-public:acme/shop")

    assert not any(
        subject == "maven:acme/com.acme.app" and item.kind == "new"
        for (_, subject), item in found.items()
    )


def test_a_repository_made_private_mends_the_exposure(con: duckdb.DuckDBPyConnection) -> None:
    found = tried(con, "make-private:acme/docs")

    assert found["PKG001", "container:acme/billing"].kind == "fixed"


def test_an_archived_repository_is_a_mitigation_only(con: duckdb.DuckDBPyConnection) -> None:
    found = tried(con, "archive:acme/docs")["PKG001", "container:acme/billing"]

    assert found.kind == "better"
    assert found.after is not None
    assert (found.after.verdict, found.after.severity) == ("fail", "low")


def test_a_grant_to_a_public_repository_is_a_new_failure(con: duckdb.DuckDBPyConnection) -> None:
    found = tried(con, "grant:container:acme/a=b:c=acme/docs:read")

    assert found["PKG001", "container:acme/a=b:c"].kind == "new"


def test_a_grant_to_a_private_repository_is_none(con: duckdb.DuckDBPyConnection) -> None:
    found = tried(con, "grant:container:acme/a=b:c=shop:read")

    assert "new" not in {item.kind for item in found.values()}


def test_a_connection_made_now_ends_the_orphan(con: duckdb.DuckDBPyConnection) -> None:
    found = tried(con, "connect:container:acme/a=b:c=acme/docs")

    assert found["PKG007", "container:acme/a=b:c"].kind == "fixed"
    exposed = found["PKG001", "container:acme/a=b:c"].after
    assert exposed is not None
    # What was published before it was connected keeps its access: no more than a sign.
    assert (exposed.verdict, exposed.evidence_level) == ("fail", "suggested")


def test_a_revoked_secret_reaches_nothing(con: duckdb.DuckDBPyConnection) -> None:
    found = tried(con, "revoke-secret:ghcr_pat")

    assert found["PKG009", "organization/GHCR_PAT"].after is None or (
        found["PKG009", "organization/GHCR_PAT"].kind in {"fixed", "unsure", "other"}
    )


def test_a_grant_that_would_expose_a_package_is_a_decision_not_a_remedy(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = advise_grants(con, org="acme", rules=RULES)

    assert [(item.repository, item.role, item.exposes) for item in found] == [
        ("acme/docs", "read", True),
        ("acme/shop", "write", False),
    ]
    assert "Decide first" in found[0].sentence
    assert "makes no finding of PKG001" in found[1].sentence
    assert [len(item.logins) for item in found] == [1, 1]


def test_without_the_rule_nothing_is_advised(con: duckdb.DuckDBPyConnection) -> None:
    assert advise_grants(con, org="acme", rules=()) == ()


def test_a_read_only_connection_serves(tmp_path: Path) -> None:
    settings = inventory(tmp_path)

    with open_inventory(settings.db, read_only=True) as con:
        found = tried(con, "make-public:acme/shop")

    assert found["PKG001", "container:acme/ledger"].kind == "new"
