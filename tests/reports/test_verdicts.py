"""A judgement: verdicts as intervals, ages that survive what nobody can see, and when to judge again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from collector.errors import StoreError
from reports.catalog import Rule, find_rule, load_rules, shipped_rules
from reports.ruletest import given_database
from reports.verdicts import Finding, is_current, judge
from tests.benchmarks.judging import Size, make
from tests.reports.test_catalog import write
from tests.reports.test_ruletest import SELECT

RULES = [find_rule(shipped_rules(), name) for name in ("PKG001", "PKG007", "PKG018")]
FIRST, SECOND, THIRD = (f"2026-11-{day} 03:00:00" for day in (20, 21, 22))
GIVEN = """
delete from run;
insert into coverage (family, subject) values ('repositories', ''), ('package_details', '2');
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/docs', 'docs', 'public');
insert into package (package_id, package_type, name, listed_repository, repository_id, repository_full_name) values
    (1, 'container', 'billing', 'present', 1, 'acme/docs');
insert into package (package_id, package_type, name, visibility) values (2, 'container', 'orphan', 'public');
insert into package_connection (package_id, coverage_subject) values (2, '2');
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with given_database(GIVEN) as connection:
        yield connection


def night(con: duckdb.DuckDBPyConnection, number: int, at: str) -> str:
    run_id = f"run-{number}"
    con.execute(
        "insert into run (run_id, started_at, ended_at) values ($run_id, $at, $at)",
        {"run_id": run_id, "at": at},
    )
    return run_id


def judged(
    con: duckdb.DuckDBPyConnection, run_id: str, *, rules: Sequence[Rule] = RULES, **options: Any
) -> str:
    return judge(con, org="acme", run_id=run_id, rules=rules, **options).judgement_id


def first_seen(con: duckdb.DuckDBPyConnection, rule: str, subject: str) -> list[tuple[Any, ...]]:
    return con.execute(
        "select verdict, first_seen from verdicts where rule = $rule and subject = $subject",
        {"rule": rule, "subject": subject},
    ).fetchall()


def deny_details(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update coverage set status = 'denied' where family = 'package_details'")


def test_the_summary_is_the_equation_of_every_rule(con: duckdb.DuckDBPyConnection) -> None:
    summary = judge(con, org="acme", run_id=night(con, 1, FIRST), rules=RULES)

    assert summary.judgement_id == "run-1.0001"
    assert {rule: counts.population for rule, counts in summary.rules.items()} == {
        "PKG001": 2,
        "PKG007": 2,
        "PKG018": 2,
    }
    assert summary.rules["PKG007"].failed == 1
    assert summary.rules["PKG007"].passed == 1
    stored = con.execute(
        "select rule, count(*) from verdicts group by rule order by rule"
    ).fetchall()
    assert stored == [("PKG001", 2), ("PKG007", 2), ("PKG018", 2)]


def test_what_stays_the_same_opens_no_new_interval(con: duckdb.DuckDBPyConnection) -> None:
    judged(con, night(con, 1, FIRST))
    judged(con, night(con, 2, SECOND))

    assert con.execute("select count(*), count(valid_to_judgement) from verdict").fetchall() == [
        (6, 0)
    ]
    assert con.execute("select distinct run_id from verdicts").fetchall() == [("run-2",)]


def test_a_subject_that_is_gone_is_closed(con: duckdb.DuckDBPyConnection) -> None:
    judged(con, night(con, 1, FIRST))
    con.execute("update package set valid_to_run = 'run-2' where package_id = 2")
    judged(con, night(con, 2, SECOND))

    assert con.execute("select distinct subject from verdicts").fetchall() == [
        ("container:acme/billing",)
    ]
    assert con.execute(
        "select count(*) from verdict where valid_to_judgement = 'run-2.0001'"
    ).fetchall() == [(3,)]


def test_the_age_of_a_finding_survives_that_nobody_can_look(
    con: duckdb.DuckDBPyConnection,
) -> None:
    subject = "container:acme/orphan"
    judged(con, night(con, 1, FIRST))
    deny_details(con)
    judged(con, night(con, 2, SECOND))
    unknown = first_seen(con, "PKG007", subject)
    con.execute("update coverage set status = 'complete' where family = 'package_details'")
    judged(con, night(con, 3, THIRD))

    assert unknown == [("unknown", datetime.fromisoformat(FIRST))]
    assert first_seen(con, "PKG007", subject) == [("fail", datetime.fromisoformat(FIRST))]


def test_an_unknown_that_never_failed_has_no_age(con: duckdb.DuckDBPyConnection) -> None:
    deny_details(con)
    judged(con, night(con, 1, FIRST))

    assert first_seen(con, "PKG007", "container:acme/orphan") == [("unknown", None)]


def test_a_pass_in_between_ends_the_age(con: duckdb.DuckDBPyConnection) -> None:
    judged(con, night(con, 1, FIRST))
    con.execute("update package_connection set repository_id = 1")
    judged(con, night(con, 2, SECOND))
    con.execute("update package_connection set repository_id = null")
    judged(con, night(con, 3, THIRD))

    assert first_seen(con, "PKG007", "container:acme/orphan") == [
        ("fail", datetime.fromisoformat(THIRD))
    ]


def test_a_severity_is_as_the_organization_wants_it(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into severity_override values ('PKG001', 'high', 'critical')")
    judged(con, night(con, 1, FIRST))

    assert con.execute("select rule, severity from findings order by rule").fetchall() == [
        ("PKG001", "critical"),
        ("PKG007", "low"),
    ]


def test_a_waiver_lies_over_a_fail_and_over_nothing_else(con: duckdb.DuckDBPyConnection) -> None:
    seen: list[Finding] = []

    def waive(findings: Sequence[Finding]) -> dict[str, str]:
        seen.extend(findings)
        return {finding.fingerprint: "W-1" for finding in findings if finding.rule == "PKG001"}

    judged(con, night(con, 1, FIRST), waive=waive)

    assert [(finding.rule, finding.subject, finding.severity) for finding in seen] == [
        ("PKG001", "container:acme/billing", "high"),
        ("PKG007", "container:acme/orphan", "low"),
    ]
    assert all(str(finding.evidence_digest).startswith("sha256:") for finding in seen)
    assert con.execute(
        "select rule, verdict, waived, waiver_id from findings order by rule"
    ).fetchall() == [("PKG001", "fail", True, "W-1"), ("PKG007", "fail", False, None)]


def test_the_evidence_of_a_waiver_changes_when_it_gets_worse(
    con: duckdb.DuckDBPyConnection,
) -> None:
    def digests() -> list[tuple[Any, ...]]:
        return con.execute("select evidence_digest from findings where rule = 'PKG001'").fetchall()

    judged(con, night(con, 1, FIRST))
    before = digests()
    judged(con, night(con, 2, SECOND))
    same = digests()
    con.execute(
        "insert into repository (repository_id, full_name, name, visibility)"
        " values (9, 'acme/site', 'site', 'public');"
        "insert into declared_grant (package_type, package_name, repository, role)"
        " values ('container', 'billing', 'acme/site', 'read')"
    )
    judged(con, night(con, 3, THIRD))

    assert before == same
    assert digests() != before


def test_only_the_newest_run_can_be_judged(con: duckdb.DuckDBPyConnection) -> None:
    night(con, 1, FIRST)
    night(con, 2, SECOND)

    with pytest.raises(StoreError, match="Run run-1 can't be judged"):
        judged(con, "run-1")


def test_a_judgement_is_current_until_what_it_hangs_on_changes(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    def current(**options: Any) -> bool:
        return is_current(con, org="acme", rules=RULES, **options)

    run_id = night(con, 1, FIRST)
    never_judged = current()
    judged(con, run_id)
    just_judged = current()
    by_other_waivers = current(waivers_digest="other")
    con.execute("insert into declared_grant (package_type, package_name) values ('npm', 'x')")
    after_a_grant = current()
    judged(con, run_id)
    judged_again = current()
    con.execute("update setting set stale_package_days = 30")
    after_a_setting = current()
    judged(con, run_id)
    night(con, 2, SECOND)

    assert [never_judged, just_judged, by_other_waivers] == [False, True, False]
    assert [after_a_grant, judged_again, after_a_setting] == [False, True, False]
    assert not current()
    assert con.execute("select judgement_id from judgement order by all").fetchall() == [
        ("run-1.0001",),
        ("run-1.0002",),
        ("run-1.0003",),
    ]


def test_other_organizations_are_left_alone(con: duckdb.DuckDBPyConnection) -> None:
    judged(con, night(con, 1, FIRST))
    con.execute(
        "insert into run (run_id, org) values ('run-9', 'beta');"
        "insert into package (org, package_id, package_type, name) values ('beta', 7, 'npm', 'x')"
    )
    judge(con, org="beta", run_id="run-9", rules=RULES)

    assert con.execute(
        "select org, count(*) from verdicts group by org order by org"
    ).fetchall() == [
        ("acme", 6),
        ("beta", 3),
    ]


def test_a_transaction_that_fails_leaves_no_judgement(con: duckdb.DuckDBPyConnection) -> None:
    run_id = night(con, 1, FIRST)
    con.begin()
    judged(con, run_id)
    con.rollback()

    assert con.execute("select count(*) from verdict").fetchall() == [(0,)]
    assert con.execute("select count(*) from judgement").fetchall() == [(0,)]


def test_nothing_temporary_is_left_behind(con: duckdb.DuckDBPyConnection) -> None:
    judged(con, night(con, 1, FIRST))

    assert con.execute("select count(*) from duckdb_tables() where temporary").fetchall() == [(0,)]


def test_a_users_rule_is_judged_beside_ours_and_a_broken_one_is_unknown(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(tmp_path, select=SELECT, subject="repository")
    write(tmp_path, id="ACME002", name="broken", select="select error('no') as org")
    write(tmp_path, id="ACME003", name="doubled", select=SELECT + " union all " + SELECT)
    rules = load_rules([tmp_path])
    con.begin()
    judged(con, night(con, 1, FIRST), rules=rules)
    con.commit()

    said = con.execute(
        "select rule, subject, verdict, reason_code from verdicts where rule like 'ACME%' order by all"
    ).fetchall()
    assert said == [
        ("ACME001", "acme/docs", "fail", None),
        ("ACME002", "acme", "unknown", "rule_failed"),
        ("ACME003", "acme", "unknown", "rule_failed"),
    ]
    reason = con.execute("select reason from verdicts where rule = 'ACME003'").fetchall()
    assert reason == [("ACME003 could not be evaluated: acme/docs is judged twice.",)]


def test_any_number_of_threads_gives_the_same_verdicts() -> None:
    size = Size(repositories=200, packages=400, files=600, evidence=500)
    digests = set()
    for threads in (1, 2, 4):
        con = make(size, threads=threads)
        judge(con, org="acme", run_id="run-1", rules=shipped_rules())
        digests |= set(
            con.execute(
                "select sha256(string_agg(to_json(verdict)::varchar, chr(10) order by rule, subject)),"
                " count(*) from verdict"
            ).fetchall()
        )
        con.close()

    assert len(digests) == 1
