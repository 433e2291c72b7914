"""Explain: what it refuses, that its words claim no more than the evidence, and what it shows."""

import re
import time
from collections.abc import Iterator
from datetime import date, datetime

import duckdb
import pytest

from collector.errors import StoreError, UsageError
from reports.catalog import shipped_rules
from reports.explain import explain
from reports.explanations import ACCESS, Explanation, Hop, as_plain, lines, several
from reports.ruletest import given_database
from reports.verdicts import judge
from tests.benchmarks.judging import Size, make

GIVEN = """
insert into coverage (family, subject, request_id) values
    ('repositories', '', 'REQ-REPOS'), ('packages', 'container/private', 'REQ-PRIVATE'),
    ('packages', 'container/internal', 'REQ-INTERNAL'), ('packages', 'container/public', 'REQ-PUBLIC'),
    ('packages', 'maven/private', 'REQ-MAVEN'), ('package_details', '12', 'REQ-12'),
    ('org_secrets', '', 'REQ-SECRETS');
insert into coverage (family, subject) values ('workflow_trees', '1'), ('links', '1');
insert into coverage (family, subject, status, reason) values ('workflow_trees', '2', 'denied', 'forbidden_403');
insert into repository (repository_id, full_name, name, visibility, archived, forks_count) values
    (1, 'acme/docs', 'docs', 'public', false, 12), (2, 'acme/shop', 'shop', 'private', false, 0);
insert into package (package_id, package_type, name, visibility, listed_repository, repository_id,
    repository_full_name, coverage_subject) values
    (10, 'container', 'implied', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (11, 'container', 'team/named', 'private', 'absent', null, null, 'container/private'),
    (12, 'container', 'silent', 'private', 'absent', null, null, 'container/private'),
    (13, 'container', 'open', 'public', 'absent', null, null, 'container/public'),
    (14, 'container', 'in-house', 'internal', 'absent', null, null, 'container/internal'),
    (15, 'maven', 'com.acme.app', 'private', 'present', 2, 'acme/shop', 'maven/private'),
    (16, 'container', 'declared', 'private', 'absent', null, null, 'container/private'),
    (17, 'container', 'probed', 'private', 'absent', null, null, 'container/private'),
    (18, 'container', 'overruled', 'private', 'present', 1, 'acme/docs', 'container/private');
insert into package_connection (package_id, coverage_subject) values (12, '12');
insert into declared_grant (package_type, package_name, repository, role, complete, inherits) values
    ('container', 'declared', 'acme/docs', 'write', true, false),
    ('container', 'overruled', 'acme/docs', 'none', true, false);
insert into probe_answer (package_id, repository_id, granted, http_status) values (17, 1, true, 200);
insert into secret (scope, name, visibility) values ('organization', 'GHCR_PAT', 'all');
insert into workflow_file (repository_id, path, blob_sha) values (1, '.github/workflows/ci.yml', 'aa');
insert into workflow_file (repository_id, path, status, reason) values
    (2, '.github/workflows/big.yml', 'skipped', 'too_large');
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation,
    expression, fallback, host, line) values
    (1, '.github/workflows/ci.yml', 'build', 'docker/login-action', 'container', 'pat', 'GHCR_PAT', 'push',
     '${{ secrets.GHCR_PAT }}', false, 'ghcr.io', 9);
insert into package_reference (repository_id, path, job, kind, registry, host, namespace, name, operation, line) values
    (1, '.github/workflows/ci.yml', 'test', 'container_image', 'container', 'ghcr.io', 'acme', 'team/named', 'pull', 12);
"""
RULES = shipped_rules()
# What no sentence may say while nothing is proven.
OVERCLAIMS = re.compile(
    r"\b(leak|leaks|leaked|confirmed|proven|certain|definitely|can read|can be read|can use"
    r"|has access|likely|probably|observed access|inferred)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with given_database(GIVEN) as opened:
        judge(opened, org="acme", run_id="run-1", rules=RULES)
        yield opened


def answer(con: duckdb.DuckDBPyConnection, subject: str) -> Explanation:
    return explain(con, subject, org="acme", rules=RULES)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "acme",
        "container:acme/nowhere",
        "cargo:acme/x",
        "acme/nowhere",
        "acme/nowhere/.github/workflows/ci.yml",
        "acme/docs/.github/workflows/none.yml",
        "secret:NOBODY",
        "secret:",
        "0" * 32,
    ],
)
def test_what_was_not_listed_is_refused(con: duckdb.DuckDBPyConnection, subject: str) -> None:
    with pytest.raises(UsageError):
        answer(con, subject)

    assert con.execute("select count(*) from duckdb_tables() where temporary").fetchone() == (0,)


def test_an_organization_without_a_run_is_told_to_collect(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(StoreError, match="no run of other"):
        explain(con, "container:other/x", org="other")


@pytest.mark.parametrize("name", ["implied", "team/named", "silent", "declared", "overruled"])
def test_the_words_claim_no_more_than_the_evidence(
    con: duckdb.DuckDBPyConnection, name: str
) -> None:
    found = answer(con, f"container:acme/{name}")

    texts = [
        found.answer,
        *(hop.text for hop in found.hops),
        *found.remedies,
        *(right.rule for right in found.rights),
    ]
    assert [text for text in texts if OVERCLAIMS.search(text)] == []


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("probed", "proven"),
        ("declared", "declared"),
        ("implied", "implied"),
        ("team/named", "suggested"),
    ],
)
def test_each_level_has_its_own_verb(con: duckdb.DuckDBPyConnection, name: str, level: str) -> None:
    said = answer(con, f"container:acme/{name}").answer

    assert f"workflows of acme/docs {ACCESS[level]}" in said
    assert not any(verb in said for other, verb in ACCESS.items() if other != level)


def test_no_evidence_is_not_no_access(con: duckdb.DuckDBPyConnection) -> None:
    found = answer(con, "container:acme/silent")

    assert found.answer == (
        "Private package container:acme/silent: no evidence speaks of any repository;"
        " no API lists who else may use it."
    )
    assert "probe" in found.remedies[0]


def test_a_declaration_overrules_the_default_and_says_so(con: duckdb.DuckDBPyConnection) -> None:
    found = answer(con, "container:acme/overruled")

    assert "no evidence speaks of any repository; the declared list is complete" in found.answer
    assert any("overrules this" in hop.text for hop in found.hops)


def test_a_hop_has_its_level_source_request_and_time(con: duckdb.DuckDBPyConnection) -> None:
    found = answer(con, "container:acme/implied")

    connected = next(hop for hop in found.hops if hop.kind == "connected_repository")
    assert (connected.level, connected.source, connected.request_id) == (
        "implied",
        "package connection",
        "REQ-PRIVATE",
    )
    assert connected.at is not None


@pytest.mark.parametrize(
    ("subject", "download"),
    [
        ("container:acme/open", "Workflows of every repository may."),
        ("container:acme/in-house", "Workflows of every repository of the enterprise may."),
        (
            "container:acme/silent",
            "Workflows of repositories with the role read may; no API lists them.",
        ),
        (
            "container:acme/declared",
            "Workflows of repositories with the role read may; the declared list is complete.",
        ),
        ("maven:acme/com.acme.app", "Who has read on acme/shop may."),
    ],
)
def test_who_may_download_follows_the_visibility(
    con: duckdb.DuckDBPyConnection, subject: str, download: str
) -> None:
    rights = answer(con, subject).rights

    assert [right.right for right in rights] == ["download", "upload", "delete"]
    assert rights[0].rule == download


def test_a_role_is_known_for_what_it_covers_only(con: duckdb.DuckDBPyConnection) -> None:
    download, upload, delete = answer(con, "container:acme/declared").rights

    assert download.known == upload.known == ("acme/docs (declared)",)
    assert delete.known == ()


def test_a_repository_names_what_its_workflows_reach(con: duckdb.DuckDBPyConnection) -> None:
    found = answer(con, "acme/docs")

    assert "evidence of access to 5 private or internal packages" in found.answer
    assert "1 registry login with a stored long-lived credential" in found.answer
    assert any(said.rule == "PKG001" for said in found.verdicts)


def test_a_repository_whose_files_were_not_read_says_that_there_may_be_more(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert "not read whole (forbidden_403), so there may be more" in answer(con, "acme/shop").answer


def test_a_secret_names_where_it_reaches_and_who_uses_it(con: duckdb.DuckDBPyConnection) -> None:
    found = answer(con, "secret:ghcr_pat")

    assert "can be read by workflows of 2 repositories, 1 of them public" in found.answer
    assert "in the workflows that were examined uses it" in found.answer
    assert any("acme/docs/.github/workflows/ci.yml" in hop.text for hop in found.hops)


def test_a_workflow_names_its_logins_and_packages(con: duckdb.DuckDBPyConnection) -> None:
    found = answer(con, "acme/docs/.github/workflows/ci.yml")

    assert "logs in to a registry 1 time and names 1 package" in found.answer
    assert [hop.level for hop in found.hops] == ["proven", "suggested"]


def test_a_workflow_that_was_not_read_is_unknown(con: duckdb.DuckDBPyConnection) -> None:
    found = answer(con, "acme/shop/.github/workflows/big.yml")

    assert "was not read (too_large), so what it does is unknown" in found.answer


def test_a_fingerprint_gives_the_verdict_and_its_remedy(con: duckdb.DuckDBPyConnection) -> None:
    exposed = next(
        said
        for said in answer(con, "container:acme/implied").verdicts
        if (said.rule, said.verdict) == ("PKG001", "fail")
    )

    found = answer(con, exposed.fingerprint)

    assert found.subject == "container:acme/implied"
    assert found.answer.startswith("PKG001 fail: ")
    assert len(found.remedies) == 1
    assert found.hops[0].request_id == "REQ-PRIVATE"


def test_text_and_json_hold_the_same_answer(con: duckdb.DuckDBPyConnection) -> None:
    found = answer(con, "container:acme/implied")

    text, plain = "\n".join(lines(found)), as_plain(found)
    assert found.answer in text
    assert plain["answer"] == found.answer
    assert plain["hops"][0]["at"] == "2026-11-23T02:30:00"
    assert "request REQ-PRIVATE" in text


def test_the_text_counts_the_passes_and_names_the_rest(con: duckdb.DuckDBPyConnection) -> None:
    text = "\n".join(lines(answer(con, "container:acme/implied")))

    assert "  PKG001 fail high: " in text
    assert re.search(r"\n  and \d+ passes\n", text)
    assert " pass : " not in text


def test_many_names_are_counted() -> None:
    assert several(["a", "b", "c"]) == "a, b and c"
    assert several(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_a_hop_without_a_source_is_one_line() -> None:
    given = Explanation(
        org="acme",
        subject="x",
        kind="finding",
        answer="y",
        run_id="r",
        as_of=datetime(2026, 11, 23),  # noqa: DTZ001 - naive UTC, as the store holds it
        hops=(Hop(text="z"),),
    )

    assert list(lines(given))[-1] == "  1. [-] z"


@pytest.fixture(scope="module")
def large() -> Iterator[duckdb.DuckDBPyConnection]:
    with make(Size(repositories=1000, packages=2500, files=2500, evidence=20_000)) as opened:
        yield opened


HISTORY = """
insert into run (run_id, started_at, ended_at) values
    ('run-2', '2026-11-24 02:00:00', '2026-11-24 03:00:00'),
    ('run-3', '2026-11-25 02:00:00', '2026-11-25 03:00:00');
insert into coverage (family, subject) values ('repositories', ''), ('packages', 'container/private');
insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/docs', 'docs', 'public'), (2, 'acme/shop', 'shop', 'private');
insert into package (package_id, package_type, name, listed_repository, repository_id, repository_full_name,
    coverage_subject, valid_from_run, valid_to_run) values
    (10, 'container', 'x', 'present', 1, 'acme/docs', 'container/private', 'run-1', 'run-3'),
    (10, 'container', 'x', 'present', 2, 'acme/shop', 'container/private', 'run-3', null);
"""


@pytest.fixture(scope="module")
def nights() -> Iterator[duckdb.DuckDBPyConnection]:
    with given_database(HISTORY) as opened:
        yield opened


def test_before_the_first_run_nothing_is_known(nights: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UsageError, match="No run of acme is as old") as caught:
        explain(nights, "container:acme/x", org="acme", day=date(2026, 11, 22))

    assert "2026-11-23" in caught.value.hint


def test_a_past_day_shows_who_could_reach_it_then_and_since_when(
    nights: duckdb.DuckDBPyConnection,
) -> None:
    then = explain(nights, "container:acme/x", org="acme", day=date(2026, 11, 24))
    now = explain(nights, "container:acme/x", org="acme")

    assert "acme/docs" in then.answer
    assert then.run_id == "run-2"
    assert [hop.text for hop in then.hops if hop.kind == "history"] == [
        "The connection to acme/docs was first seen on 2026-11-23 and holds until 2026-11-25."
    ]
    assert "acme/shop" in now.answer
    assert "acme/docs" not in now.answer


def test_the_views_are_back_at_the_newest_night_afterwards(
    nights: duckdb.DuckDBPyConnection,
) -> None:
    explain(nights, "container:acme/x", org="acme", day=date(2026, 11, 23))

    assert nights.execute("select run_id from current_run").fetchall() == [("run-3",)]


@pytest.mark.parametrize("kind", ["package", "repository", "secret"])
def test_an_answer_costs_little_in_a_large_organization(
    large: duckdb.DuckDBPyConnection, kind: str
) -> None:
    subject = {"package": "container:acme/package-1", "repository": "acme/repository-12"}.get(
        kind, "secret:SECRET_7"
    )
    started = time.process_time()

    explain(large, subject, org="acme")

    assert time.process_time() - started < 0.5
