"""What holds for every organization: order does not matter, evidence and coverage work one way."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.catalog import find_rule, shipped_rules
from reports.ruletest import given_database
from tests.reports.facts import (
    Fact,
    denying,
    fact,
    granting,
    insert,
    judged,
    organizations,
    using,
)

RULES = shipped_rules()
FORKS = find_rule(RULES, "PKG001")
ORGS = 12
# Each example is a dozen organizations, judged twice.
examples = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
LOST = st.sampled_from(
    [
        ("denied", "forbidden_403"),
        ("denied", "stale"),
        ("partial", None),
        ("failed", "timeout"),
        ("not_collected", None),
    ]
)


SPEAKING = {
    "package",
    "package_connection",
    "declared_grant",
    "probe_answer",
    "package_reference",
    "audit_event",
    "attestation",
}
DEFAULTS_BESIDE_A_DENIAL = """
select * from package_access
where list_has_any(kinds, ['connected_repository', 'connected_later'])
    and list_has_any(denied_by, ['declared_none', 'declared_not_inherited'])
"""
USES_OVERRULED = """
select * from package_access
where list_has_any(overruled_kinds, ['audit_publish', 'attestation', 'workflow_run'])
"""
# Where nothing but uses speaks for access and a person or a probe denies it.
USES_NOT_CONTRADICTED = """
select * from package_access
where not contradicted
    and list_has_any(denied_by, ['declared_none', 'probe'])
    and len(kinds) > 0
    and len(list_filter(kinds, lambda kind: kind not in ('audit_publish', 'attestation', 'workflow_run'))) = 0
"""


@dataclass(frozen=True, slots=True)
class Loss:
    """A coverage row that gets worse."""

    position: int
    status: str
    reason: str | None


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with given_database("") as connection:
        yield connection


def lose(facts: list[Fact], losses: list[Loss]) -> list[Fact]:
    places = [index for index, (table, _) in enumerate(facts) if table == "coverage"]
    made = list(facts)
    for loss in losses:
        place = places[loss.position % len(places)]
        columns = dict(made[place][1]) | {"status": loss.status, "reason": loss.reason}
        made[place] = fact("coverage", **columns)
    return made


@given(facts=organizations(count=ORGS), data=st.data())
@examples
def test_the_order_of_arrival_changes_no_verdict(
    con: duckdb.DuckDBPyConnection, facts: list[Fact], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(facts))

    assert judged(con, shuffled, rules=RULES) == judged(con, facts, rules=RULES)


@given(facts=organizations(count=ORGS))
@examples
def test_every_package_is_judged_once_by_every_rule_about_all_packages(
    con: duckdb.DuckDBPyConnection, facts: list[Fact]
) -> None:
    packages = sum(table == "package" for table, _ in facts)
    verdicts = judged(con, facts, rules=RULES)

    for rule in RULES:
        said = [row for (name, _, _), row in verdicts.items() if name == rule.id]
        if rule.population == "Every package of the organization.":
            assert len(said) == packages
        for verdict, reason_code, severity, level, reason, *_ in said:
            assert verdict in {"pass", "fail", "unknown", "not_applicable"}
            assert (verdict == "unknown") == (reason_code is not None)
            assert (verdict == "fail") == (severity is not None)
            assert verdict != "fail" or level is not None
            assert reason.endswith(".")


@given(facts=organizations(count=ORGS), data=st.data())
@examples
def test_granting_evidence_never_turns_fail_into_pass(
    con: duckdb.DuckDBPyConnection, facts: list[Fact], data: st.DataObject
) -> None:
    more = [data.draw(granting(org=f"org-{number % ORGS}")) for number in range(2 * ORGS)]

    before = judged(con, facts, rules=[FORKS])
    after = judged(con, [*facts, *more], rules=[FORKS])

    turned = [key for key, row in before.items() if row[0] == "fail" and after[key][0] != "fail"]
    assert turned == []


@given(facts=organizations(count=ORGS), data=st.data())
@examples
def test_denying_evidence_never_turns_pass_into_fail(
    con: duckdb.DuckDBPyConnection, facts: list[Fact], data: st.DataObject
) -> None:
    more = [data.draw(denying(org=f"org-{number % ORGS}")) for number in range(2 * ORGS)]

    before = judged(con, facts, rules=[FORKS])
    after = judged(con, [*facts, *more], rules=[FORKS])

    turned = [key for key, row in before.items() if row[0] != "fail" and after[key][0] == "fail"]
    assert turned == []


@given(
    facts=organizations(count=ORGS),
    losses=st.lists(
        st.builds(
            lambda position, lost: Loss(position, *lost),
            st.integers(min_value=0, max_value=10_000),
            LOST,
        ),
        min_size=ORGS,
        max_size=4 * ORGS,
    ),
)
@examples
def test_losing_coverage_never_turns_unknown_or_fail_into_pass(
    con: duckdb.DuckDBPyConnection, facts: list[Fact], losses: list[Loss]
) -> None:
    before = judged(con, facts, rules=RULES)
    after = judged(con, lose(facts, losses), rules=RULES)

    turned = [
        (key, row[:2], after[key][:2])
        for key, row in before.items()
        if key in after and row[0] in {"unknown", "fail"} and after[key][0] == "pass"
    ]
    assert turned == []


@given(facts=organizations(count=ORGS))
@examples
def test_evidence_by_visibility_is_one_row_a_package(
    con: duckdb.DuckDBPyConnection, facts: list[Fact]
) -> None:
    con.begin()
    try:
        insert(con, facts)
        twice = con.execute(
            "select org, package_id from access_evidence where repository_id is null"
            " group by all having count(*) > 1"
        ).fetchall()
    finally:
        con.rollback()

    assert twice == []


@given(facts=organizations(count=ORGS), data=st.data())
@examples
def test_a_declaration_overrules_a_default_and_never_an_observed_use(
    con: duckdb.DuckDBPyConnection, facts: list[Fact], data: st.DataObject
) -> None:
    for number in range(4 * ORGS):
        facts = [*facts, data.draw((using if number % 2 else denying)(org=f"org-{number % ORGS}"))]
    con.begin()
    try:
        insert(con, facts)
        defaults_beside_a_denial = con.execute(DEFAULTS_BESIDE_A_DENIAL).fetchall()
        uses_overruled = con.execute(USES_OVERRULED).fetchall()
        uses_not_contradicted = con.execute(USES_NOT_CONTRADICTED).fetchall()
    finally:
        con.rollback()

    assert defaults_beside_a_denial == []
    assert uses_overruled == []
    assert uses_not_contradicted == []


@given(facts=organizations(count=ORGS))
@examples
def test_evidence_grows_with_the_facts_and_not_with_their_product(
    con: duckdb.DuckDBPyConnection, facts: list[Fact]
) -> None:
    con.begin()
    try:
        insert(con, facts)
        ((count,),) = con.execute("select count(*) from access_evidence").fetchall()
    finally:
        con.rollback()

    # A package has at most a visibility and a connection; a declaration speaks of a grant and of inheritance.
    assert count <= 2 * sum(table in SPEAKING for table, _ in facts)
