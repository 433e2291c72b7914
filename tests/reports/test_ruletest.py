"""`rules test`: given.sql and expected.csv, for our rules and for users'."""

from pathlib import Path

import pytest

from collector.errors import RuleError
from reports.ruletest import given_database, run_tests
from tests.reports.test_catalog import write

SELECT = """
select
    org, repository as subject, case when visibility = 'public' then 'fail' else 'pass' end as verdict,
    null::varchar as reason_code, case when visibility = 'public' then 'low' end as severity,
    'proven' as evidence_level, concat(repository, ' is ', visibility, '.') as reason, repository,
    null::varchar as package, null::varchar as path, null::integer as line, null::varchar as registry,
    null::varchar as credential, null::varchar as secret, '[]'::json as hops, null::json as evidence
from repositories
"""
GIVEN = """
insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/shop', 'shop', 'private'), (2, 'acme/docs', 'docs', 'public');
"""
EXPECTED = "subject,verdict,severity\nacme/shop,pass,\nacme/docs,fail,low\n"


def make(
    folder: Path, *, given: str = GIVEN, expected: str = EXPECTED, select: str = SELECT
) -> Path:
    write(folder, select=select, subject="repository")
    test = folder / "tests" / "ACME001"
    test.mkdir(parents=True)
    (test / "given.sql").write_text(given, encoding="utf-8")
    (test / "expected.csv").write_text(expected, encoding="utf-8")
    return folder


def test_a_rule_that_says_what_is_expected_passes(tmp_path: Path) -> None:
    results = run_tests(make(tmp_path))

    assert [(result.rule, result.passed) for result in results] == [("ACME001", True)]


def test_a_test_may_lie_beside_the_rule_in_folders_of_its_own(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "tests").rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "ACME001").rename(tmp_path / "ACME001")

    assert [result.folder for result in run_tests(tmp_path)] == [tmp_path / "ACME001"]


def test_what_differs_is_shown_both_ways(tmp_path: Path) -> None:
    expected = "subject,verdict\nacme/docs,pass\nacme/gone,pass\nacme/shop,pass\n"

    (result,) = run_tests(make(tmp_path, expected=expected))

    assert result.differences == ("- acme/docs,pass", "- acme/gone,pass", "+ acme/docs,fail")


def test_a_rule_without_a_test_does_not_pass(tmp_path: Path) -> None:
    write(tmp_path, select=SELECT)

    (result,) = run_tests(tmp_path)

    assert not result.passed
    assert "There is no given.sql" in result.differences[0]


def test_several_organizations_are_judged_one_by_one(tmp_path: Path) -> None:
    given = GIVEN + (
        "insert into run (run_id, org) values ('run-2', 'beta');"
        "insert into repository (org, repository_id, full_name, name, visibility)"
        " values ('beta', 3, 'beta/app', 'app', 'internal');"
    )
    expected = "org,subject,verdict\nacme,acme/shop,pass\nacme,acme/docs,fail\nbeta,beta/app,pass\n"

    assert run_tests(make(tmp_path, given=given, expected=expected))[0].passed


@pytest.mark.parametrize(
    ("select", "what"),
    [
        (SELECT.replace("'proven'", "'surely'"), "fails without an evidence level of ours"),
        (SELECT.replace("then 'low'", "then 'awful'"), "fails without a severity of ours"),
        (SELECT.replace("else 'pass'", "else 'ok'"), "has a verdict that is none of ours"),
        (SELECT.replace("else 'pass'", "else 'unknown'"), "is unknown without a reason code"),
        (SELECT.replace("concat(repository, ' is ', visibility, '.')", "''"), "has no reason"),
        (SELECT.replace("repository as subject", "'x' as subject"), "x is judged twice"),
        (SELECT.replace("\n    org, ", "\n    'beta' as org, "), "belongs to another organization"),
        (SELECT.replace("null::varchar as package,", ""), "selects org, subject"),
        (SELECT.replace("from repositories", "from nowhere"), "Rule ACME001 failed"),
        (SELECT.replace("from repositories", "from read_csv('x')"), "Rule ACME001 failed"),
    ],
)
def test_a_rule_that_returns_what_no_rule_may_is_refused(
    tmp_path: Path, select: str, what: str
) -> None:
    with pytest.raises(RuleError, match=what):
        run_tests(make(tmp_path, select=select))


@pytest.mark.parametrize(
    ("expected", "what"),
    [
        ("", "other columns than a rule has"),
        ("subject\n", "other columns than a rule has"),
        ("subject,verdict,colour\n", "other columns than a rule has"),
        ("subject,verdict\nacme/shop\n", "line 2: 1 fields, not 2"),
    ],
)
def test_a_malformed_table_is_refused(tmp_path: Path, expected: str, what: str) -> None:
    with pytest.raises(RuleError, match=what):
        run_tests(make(tmp_path, expected=expected))


def test_given_sql_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"given\.sql failed"):
        run_tests(make(tmp_path, given="insert into nowhere values (1)"))


def test_given_sql_reads_no_file() -> None:
    with (
        pytest.raises(RuleError, match="failed"),
        given_database("create table x as select * from read_text('/etc/hostname')"),
    ):
        pass


def test_a_folder_without_tests_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="holds no test of a rule"):
        run_tests(tmp_path)
