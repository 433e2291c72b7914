"""Every rule that ships: its head, its test as data, its place in the controls."""

import csv
from pathlib import Path

import pytest

from collector import sqlfiles
from reports.catalog import Rule, shipped_rules
from reports.ruletest import EXPECTED, GIVEN, run_test

RULES = shipped_rules()
ROOT = Path(__file__).parents[1] / "rules"
# What no API and no text can leave open is never unknown; what has no meaning for nobody never not applicable.
ALWAYS = {"pass", "fail", "unknown"}
WITH_NOT_APPLICABLE = {"PKG001", "PKG002", "PKG008", "PKG012", "PKG014", "PKG017"}

# Every control that may be named: ids and our own words only.
CONTROLS = {
    "CIS Software Supply Chain Security Guide": (
        "1.2.5 1.2.6 1.2.7 1.4.3 2.1.5 2.3.5 2.3.6 2.4.1 2.4.2 2.4.3 3.1.5 3.1.7 4.1.1 4.2.2 4.2.5 4.3.3 4.4.1"
    ),
    "CIS GitHub Benchmark": (
        "1.2.5 1.2.6 1.2.7 1.4.3 1.5.2 2.1.7 2.3.5 2.3.6 2.4.1 2.4.2 2.4.3 3.1.5 3.1.7 4.1.1 4.2.2 4.2.5 4.3.2"
        " 4.3.3 4.4.1"
    ),
    "NIST SP 800-218 (SSDF)": "PO.3.2 PO.3.3 PO.4.1 PO.5.1 PS.1.1 PS.2.1 PS.3.2 PW.4.4",
    "NIST SP 800-53": (
        "AC-2(3) AC-3 AC-4 AC-6 AC-6(7) AC-21 AC-22 CA-2 CA-7 CM-5 CM-6 CM-7 CM-8 CM-8(4) IA-5 RA-5 SA-22 SI-7"
        " SI-7(1) SI-7(15) SR-3 SR-11"
    ),
    "OWASP Top 10 CI/CD Security Risks": " ".join(f"CICD-SEC-{n}" for n in range(2, 11)),
    "OpenSSF OSPS Baseline": (
        "OSPS-AC-04.01 OSPS-AC-04.02 OSPS-BR-01.01 OSPS-BR-01.03 OSPS-BR-05.01 OSPS-BR-06.01 OSPS-BR-07.02"
        " OSPS-DO-03.01"
    ),
    "SOC 2 Trust Services Criteria": "C1.1 CC4.2 CC6.1 CC6.2 CC6.3 CC6.6 CC6.7 CC6.8 CC7.1 CC8.1",
    "ISO/IEC 27001": (
        "A.5.9 A.5.12 A.5.15 A.5.17 A.5.18 A.5.21 A.5.28 A.5.36 A.8.2 A.8.3 A.8.4 A.8.9 A.8.10 A.8.12 A.8.16"
        " A.8.25 A.8.31 A.8.32"
    ),
    "PCI DSS": "6.3.2 7.2.1 7.2.4 7.2.5 7.2.5.1 8.6.3",
}
# The nightly run is itself evidence for some controls; it is no rule.
THE_RUN = "RUN"


def folders(rule: Rule) -> list[Path]:
    return sorted(path.parent for path in (ROOT / rule.id).rglob(GIVEN))


def controls() -> list[dict[str, str]]:
    text = (sqlfiles.rules_dir() / "controls.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_of_its_given_facts_what_is_expected(rule: Rule) -> None:
    assert folders(rule)
    for folder in folders(rule):
        assert run_test(rule, folder).differences == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_expected_table_shows_every_verdict_that_the_rule_can_give(rule: Rule) -> None:
    rows = [
        row
        for folder in folders(rule)
        for row in csv.DictReader((folder / EXPECTED).read_text(encoding="utf-8").splitlines())
    ]

    wanted = ALWAYS | ({"not_applicable"} if rule.id in WITH_NOT_APPLICABLE else set())
    assert {row["verdict"] for row in rows} == wanted
    assert all(row["reason_code"] for row in rows if row["verdict"] == "unknown")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_must_not_fire_comes_first(rule: Rule) -> None:
    for folder in folders(rule):
        rows = csv.DictReader((folder / EXPECTED).read_text(encoding="utf-8").splitlines())
        fails = [row["verdict"] == "fail" for row in rows]

        assert fails == sorted(fails)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_head_is_in_full_sentences(rule: Rule) -> None:
    for text in (rule.description, rule.why, rule.fails_when, rule.passes_when, rule.remediation):
        assert text[0].isupper()
        assert text.endswith(".")
    assert rule.references
    assert all("http" not in reference for reference in rule.references)


def test_every_control_is_on_the_shipped_list() -> None:
    unknown = [
        (row["framework"], row["control"])
        for row in controls()
        if row["control"] not in CONTROLS.get(row["framework"], "").split()
    ]

    assert unknown == []


def test_every_rule_of_the_controls_exists_and_every_rule_has_controls() -> None:
    named = {row["rule"] for row in controls()} - {THE_RUN}

    assert named == {rule.id for rule in RULES}


def test_a_control_has_one_version_and_one_title_and_names_a_rule_once() -> None:
    rows = controls()
    titles = {(row["framework"], row["control"]): (row["version"], row["title"]) for row in rows}
    pairs = [(row["framework"], row["control"], row["rule"]) for row in rows]

    assert all(
        titles[row["framework"], row["control"]] == (row["version"], row["title"]) for row in rows
    )
    assert len(set(pairs)) == len(pairs)
    assert {row["strength"] for row in rows} == {"direct", "supporting"}


def test_reach_of_forks_is_not_mapped_to_dependency_confusion() -> None:
    assert not [row for row in controls() if row["control"] == "4.4.2"]
