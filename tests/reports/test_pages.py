"""The report as data: what it reads, counts and says."""

import dataclasses

import duckdb
import pytest

from collector.errors import InventoryError
from reports import words
from reports.pages import read_report
from reports.pages_actions import CHANGES, group_actions
from reports.pages_coverage import read_coverage
from reports.pages_rows import read_rows
from reports.pages_rules import Equation, RulePage, add_up, read_rules
from reports.pages_run import credential, read_run
from tests.reports import synthetic
from tests.reports.synthetic import EMPTY, RUN, Shape


def sentences(shape: Shape) -> list[str]:
    """Return the three sentences of a shape's first screen."""
    with synthetic.organization(shape) as con:
        return [sentence.text for sentence in read_report(con, org="acme").summary.sentences]


def test_an_organization_without_a_run_is_said_so(small: duckdb.DuckDBPyConnection) -> None:
    """An unknown organization is an error with a hint, not an empty report."""
    with pytest.raises(InventoryError, match="no published run of nobody") as caught:
        read_run(small, org="nobody")

    assert "pkginventory collect --org nobody" in caught.value.hint


def test_a_run_that_nobody_judged_is_said_so() -> None:
    """A collected run without a judgement has no report."""
    with synthetic.organization(EMPTY) as con:
        con.execute("delete from judgement")
        with pytest.raises(InventoryError, match="never judged"):
            read_run(con, org="acme")


def test_the_run_says_who_asked(small: duckdb.DuckDBPyConnection) -> None:
    """Account, kind and scopes are named; the value is nowhere."""
    run = read_run(small, org="acme")

    assert run.run_id == RUN
    assert run.who == "svc-audit, classic personal access token (read:org, read:packages, repo)"
    assert run.ended_at == "2026-11-23T02:07:51Z"
    assert run.baseline_run_id == synthetic.PREVIOUS_RUN


@pytest.mark.parametrize("item", [{}, "text", None, {"scopes": "repo"}, {"name": None}])
def test_a_credential_with_missing_fields_is_read(item: object) -> None:
    """What a credential's record does not hold stays empty."""
    assert credential(item).name == "credential"


def test_the_equation_holds_for_every_rule(hostile: duckdb.DuckDBPyConnection) -> None:
    """Population is pass, fail, unknown and not applicable, for each rule and together."""
    rules = read_rules(hostile, org="acme", heads=())

    counted: list[RulePage | Equation] = [*rules, add_up(rules)]
    for counts in counted:
        parts = (counts.passed, counts.failed, counts.unknown, counts.not_applicable)
        assert counts.population == sum(parts)
        assert counts.open == counts.failed - counts.waived


def test_coverage_is_the_smallest_share(denied: duckdb.DuckDBPyConnection) -> None:
    """A refused sweep counts as nothing read, and its total is not known."""
    coverage = read_coverage(denied, org="acme")
    packages, repositories, workflows = coverage.shares

    assert not coverage.complete
    assert coverage.percent == packages.percent == 66.6
    assert packages.expected is None
    assert (repositories.seen, repositories.expected) == (80, 80)
    assert workflows.percent == 95
    assert [f.name for f in coverage.families if not f.whole] == [
        "packages",
        "workflow_trees",
        "org_secrets",
    ]


def test_kinds_of_unknown_are_kept_apart(small: duckdb.DuckDBPyConnection) -> None:
    """What no API tells and what a text does not say are two numbers."""
    coverage = read_coverage(small, org="acme")

    assert {kind.name: kind.subjects for kind in coverage.unknown} == {
        "could_not_read": 0,
        "no_api_tells": 30,
        "text_does_not_say": 5,
    }


def test_findings_come_worst_first_and_unknowns_last(small: duckdb.DuckDBPyConnection) -> None:
    """Severity, then age; then unknowns by their rank."""
    rows = read_rows(small, org="acme")
    keys = [
        (verdict != "fail", words.SEVERITIES.index(severity) if severity else 9, first_seen)
        for verdict, severity, first_seen in rows.each("verdict", "severity", "first_seen")
    ]

    assert keys == sorted(keys)
    assert len(rows) == 55 + 35


def test_new_needs_a_baseline() -> None:
    """On the first run nothing is new; on the second what was not there before is."""
    with synthetic.organization(Shape(baseline=False)) as con:
        assert not any(read_rows(con, org="acme").columns["new"])
        assert read_report(con, org="acme").summary.changes is None
    with synthetic.organization(Shape()) as con:
        new = sum(read_rows(con, org="acme").columns["new"])
        changes = read_report(con, org="acme").summary.changes
        assert changes is not None
        assert changes.new == new == 3


def test_a_lost_permission_never_looks_like_progress() -> None:
    """Fixed, gone, not examined, better and worse are counted apart."""
    with synthetic.organization(Shape()) as con:
        fingerprints = [
            row[0]
            for row in con.execute(
                f"select fingerprint from findings where valid_from_judgement = '{synthetic.PREVIOUS_JUDGEMENT}'"
                " and severity = 'medium' order by fingerprint limit 5"
            ).fetchall()
        ]
        for number, (verdict, severity) in enumerate(
            [("pass", None), ("unknown", None), (None, None), ("fail", "low"), ("fail", "critical")]
        ):
            change(con, fingerprints[number], verdict=verdict, severity=severity)
        changes = read_report(con, org="acme").summary.changes

    assert changes is not None
    assert dataclasses.astuple(changes) == (3, 1, 1, 1, 1, 1, 0)


def change(
    con: duckdb.DuckDBPyConnection, fingerprint: str, *, verdict: str | None, severity: str | None
) -> None:
    """Let tonight's judgement of a finding differ from last night's."""
    con.execute(
        "create or replace temp table changed as select * from verdict where fingerprint = ?",
        [fingerprint],
    )
    con.execute(
        "update verdict set valid_to_judgement = ? where fingerprint = ?",
        [synthetic.JUDGEMENT, fingerprint],
    )
    if verdict:
        con.execute(
            "insert into verdict select * replace (? as verdict, ? as severity, ? as valid_from_judgement) from changed",
            [verdict, severity, synthetic.JUDGEMENT],
        )


def test_no_sentence_comforts_while_something_is_unknown() -> None:
    """Without an open finding the text still says how much could not be judged."""
    exposed, not_known, following = sentences(Shape(exposed=0, logins=0, connected=True))

    assert "Nothing failed among the 85 subjects judged; 35 subjects could not be judged" in exposed
    assert "no API tells" in not_known
    assert "probe" in following


def test_forks_are_exposed_by_githubs_warning_only(small: duckdb.DuckDBPyConnection) -> None:
    """The sentence on forks claims no more than GitHub's documentation."""
    exposed = read_report(small, org="acme").summary.sentences[0].text

    assert exposed.startswith(
        "5 private or internal packages are exposed according to GitHub's warning, not confirmed"
    )
    assert "leak" not in exposed


def test_what_was_not_read_comes_before_what_to_do(denied: duckdb.DuckDBPyConnection) -> None:
    """An incomplete report says so in its headline and asks for the credential first."""
    summary = read_report(denied, org="acme").summary

    assert summary.coverage_headline == "Coverage 66.6 %: this report is incomplete."
    assert summary.sentences[0].text.startswith("Among what could be read, ")
    assert summary.sentences[2].text.startswith("Mend the credential")


def test_a_full_and_clean_run_may_say_so() -> None:
    """Only with full coverage and nothing unknown there are no open findings."""
    clean = Shape(exposed=0, logins=0, packages=10, unknown_left=False, connected=True)

    assert sentences(clean)[0] == "No open findings in 10 packages; 0 unknown."


def test_waived_findings_are_still_told() -> None:
    """All waived is not all well: the number that failed stays in the sentence."""
    assert sentences(Shape(waived_every=1))[0].startswith("55 findings failed and are waived.")


def test_no_packages_asks_for_the_credential() -> None:
    """Seeing nothing is a reason to look at the credential, not a result."""
    exposed, _, _ = sentences(EMPTY)

    assert exposed.startswith("The credential sees 0 packages of 6 types")


def test_one_change_closes_the_findings_of_a_secret(small: duckdb.DuckDBPyConnection) -> None:
    """Findings are grouped by the change that closes them; each open one has exactly one."""
    rows = read_rows(small, org="acme")
    actions, numbers = group_actions(rows)

    assert actions[0].text == "Replace secret GHCR_PAT by GITHUB_TOKEN at 27 logins"
    assert actions[0].closes == "8 high, 19 medium"
    assert sum(action.total for action in actions) == 55
    assert [number >= 0 for number in numbers] == [v == "fail" for (v,) in rows.each("verdict")]


def test_every_shipped_rule_has_a_change() -> None:
    """RULES.md has eighteen rules, and each names what mends it."""
    assert sorted(CHANGES) == [f"PKG{number:03}" for number in range(1, 19)]


def test_a_past_night_is_shown_by_shadowing_the_run() -> None:
    """A temporary view in place of current_run moves the whole report to another night."""
    with synthetic.organization(Shape()) as con:
        con.execute(
            "create temp table current_run as select org, run_id, ended_at as as_of, started_at, ended_at, edition, web_url, api_url"
            f" from run where run_id = '{synthetic.PREVIOUS_RUN}'"
        )
        report = read_report(con, org="acme")

    assert report.run.run_id == synthetic.PREVIOUS_RUN
    assert report.run.baseline_run_id == ""
