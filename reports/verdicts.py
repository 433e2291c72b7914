"""Judge a published run: run every rule, write the judgement, and keep verdicts as intervals over judgements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb

from collector.errors import StoreError
from reports.catalog import Rule
from reports.digests import digests_now
from reports.evaluation import drop_temporary, evaluated

# The columns that a verdict says, beside what names it; a difference in any opens a new interval.
_SAID: Final = (
    "verdict",
    "reason_code",
    "severity",
    "evidence_level",
    "reason",
    "repository",
    "package",
    "path",
    "line",
    "registry",
    "credential",
    "secret",
    "hops",
    "evidence_digest",
    "first_seen",
    "waiver_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a waiver is held against: one fail."""

    rule: str
    subject: str
    fingerprint: str
    severity: str
    # Of what a waiver binds to: it lapses when the evidence gets another digest.
    evidence_digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCounts:
    """The equation of one rule: the population is the sum of the four."""

    passed: int = 0
    failed: int = 0
    unknown: int = 0
    not_applicable: int = 0

    @property
    def population(self) -> int:
        """Return how many subjects the rule judged."""
        return self.passed + self.failed + self.unknown + self.not_applicable


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementSummary:
    """One judgement in numbers."""

    judgement_id: str
    run_id: str
    rules: Mapping[str, RuleCounts]


# Says which fails are waived: fingerprint -> id of the waiver.
Waive = Callable[[Sequence[Finding]], Mapping[str, str]]


def judge(
    con: duckdb.DuckDBPyConnection,
    *,
    org: str,
    run_id: str,
    rules: Sequence[Rule],
    waivers_digest: str = "",
    waive: Waive | None = None,
    judged_at: datetime | None = None,
) -> JudgementSummary:
    """Judge the newest published run of an organization and store what the rules say.

    It neither begins nor ends a transaction: called inside the one that publishes, readers see facts and verdicts
    together or not at all.

    Raises:
        StoreError: the run is not the organization's newest published one.
        RuleError: a rule that comes with the program is broken.
    """
    as_of = _as_of(con, org=org, run_id=run_id)
    digests = digests_now(con, org=org, rules=rules, waivers_digest=waivers_digest)
    judgement_id = _next_id(con, run_id=run_id)
    with evaluated(con, org=org, rules=rules) as evaluation:
        _draft(con, evaluation, org=org, as_of=as_of)
    try:
        if waive is not None:
            _apply_waivers(con, waive)
        _store(con, judgement_id=judgement_id, org=org)
        con.execute(
            "insert into judgement values ($id, $run, $org, $as_of, $rules, $waivers, $grants,"
            " $settings, $version, $judged_at)",
            {
                "id": judgement_id,
                "run": run_id,
                "org": org,
                "as_of": as_of,
                "rules": digests.rules,
                "waivers": digests.waivers,
                "grants": digests.grants,
                "settings": digests.settings,
                "version": _version(rules),
                "judged_at": _naive_utc(judged_at or datetime.now(UTC)),
            },
        )
        counts = _counts(con, rules=rules)
    finally:
        drop_temporary(con, "draft")
    return JudgementSummary(judgement_id=judgement_id, run_id=run_id, rules=counts)


def is_current(
    con: duckdb.DuckDBPyConnection, *, org: str, rules: Sequence[Rule], waivers_digest: str = ""
) -> bool:
    """Say whether the newest run was judged by these rules, waivers, grants and settings."""
    newest = con.execute(
        "select rules_digest, waivers_digest, grants_digest, settings_digest"
        " from judgement join current_run using (org, run_id) where judgement.org = $org"
        " order by judgement_id desc limit 1",
        {"org": org},
    ).fetchone()
    digests = digests_now(con, org=org, rules=rules, waivers_digest=waivers_digest)
    return newest == (digests.rules, digests.waivers, digests.grants, digests.settings)


def _as_of(con: duckdb.DuckDBPyConnection, *, org: str, run_id: str) -> datetime:
    row = con.execute(
        "select run_id, as_of from current_run where org = $org", {"org": org}
    ).fetchone()
    if row is None or row[0] != run_id:
        raise StoreError(
            f"Run {run_id} can't be judged: it is not the newest published run of {org}.",
            hint="Run `pkginventory report` for the newest one.",
        )
    moment: datetime = row[1]
    return moment


def _next_id(con: duckdb.DuckDBPyConnection, *, run_id: str) -> str:
    row = con.execute("select count(*) from judgement where run_id = ?", [run_id]).fetchone()
    return f"{run_id}.{(row[0] if row else 0) + 1:04d}"


def _version(rules: Sequence[Rule]) -> str:
    """Return the rules' ids and versions, as short as a person can use them."""
    return " ".join(f"{rule.id}/{rule.version}" for rule in rules)


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _draft(con: duckdb.DuckDBPyConnection, evaluation: str, *, org: str, as_of: datetime) -> None:
    """Complete what the rules said: fingerprints, severities as the organization wants them, first seen."""
    con.execute(
        f"""
        create or replace temp table draft as
        with held as (
            select rule, subject, verdict, first_seen
            from verdict
            where org = $org and valid_to_judgement is null
        )
        select
            evaluation.org,
            evaluation.rule,
            left(sha256(concat(evaluation.rule, chr(10), evaluation.org, chr(10), evaluation.subject)), 32)
                as fingerprint,
            evaluation.subject,
            evaluation.verdict,
            evaluation.reason_code,
            coalesce(severity_override.instead, evaluation.severity) as severity,
            evaluation.evidence_level,
            evaluation.reason,
            evaluation.repository,
            evaluation.package,
            evaluation.path,
            evaluation.line,
            evaluation.registry,
            evaluation.credential,
            evaluation.secret,
            evaluation.hops,
            case when evaluation.evidence is not null
                then concat('sha256:', sha256(evaluation.evidence::varchar)) end as evidence_digest,
            -- A finding keeps its age while nobody can look; a pass, or the subject's going, ends it.
            case
                when evaluation.verdict not in ('fail', 'unknown') then null
                when held.verdict in ('fail', 'unknown') and held.first_seen is not null then held.first_seen
                when evaluation.verdict = 'fail' then $as_of
            end::timestamp as first_seen,
            null::varchar as waiver_id
        from {evaluation} as evaluation
        left join held using (rule, subject)
        left join severity_override
            on evaluation.verdict = 'fail'
            and evaluation.rule = severity_override.rule
            and evaluation.severity = severity_override.severity
        """,  # noqa: S608 - the name of our own temporary table
        {"org": org, "as_of": as_of},
    )


def _apply_waivers(con: duckdb.DuckDBPyConnection, waive: Waive) -> None:
    findings = [
        Finding(
            rule=row[0], subject=row[1], fingerprint=row[2], severity=row[3], evidence_digest=row[4]
        )
        for row in con.execute(
            "select rule, subject, fingerprint, severity, evidence_digest from temp.draft"
            " where verdict = 'fail' order by rule, subject"
        ).fetchall()
    ]
    waived = waive(findings)
    if waived:
        con.execute(
            "update temp.draft set waiver_id = given.waiver_id"
            " from (select unnest($fingerprints) as fingerprint, unnest($waivers) as waiver_id) as given"
            " where draft.verdict = 'fail' and draft.fingerprint = given.fingerprint",
            {"fingerprints": list(waived), "waivers": list(waived.values())},
        )


def _store(con: duckdb.DuckDBPyConnection, *, judgement_id: str, org: str) -> None:
    """Close what is said no more and open what is said anew; what stayed the same is left alone."""
    said = ", ".join(_SAID)
    same = " and ".join(f"verdict.{name} is not distinct from draft.{name}" for name in _SAID)
    parameters = {"judgement": judgement_id, "org": org}
    con.execute(
        f"""
        update verdict set valid_to_judgement = $judgement
        where org = $org and valid_to_judgement is null and not exists (
            select 1 from temp.draft
            where draft.rule = verdict.rule and draft.subject = verdict.subject and {same}
        )
        """,  # noqa: S608 - column names of our own
        parameters,
    )
    con.execute(
        f"""
        insert into verdict (org, rule, fingerprint, subject, {said}, valid_from_judgement, valid_to_judgement)
        select org, rule, fingerprint, subject, {said}, $judgement, null
        from temp.draft
        where not exists (
            select 1 from verdict
            where verdict.org = $org and verdict.valid_to_judgement is null
                and verdict.rule = draft.rule and verdict.subject = draft.subject
        )
        order by rule, subject
        """,  # noqa: S608 - the same
        parameters,
    )


def _counts(con: duckdb.DuckDBPyConnection, *, rules: Sequence[Rule]) -> dict[str, RuleCounts]:
    found = {
        row[0]: RuleCounts(passed=row[1], failed=row[2], unknown=row[3], not_applicable=row[4])
        for row in con.execute(
            "select rule, count(*) filter (where verdict = 'pass'), count(*) filter (where verdict = 'fail'),"
            " count(*) filter (where verdict = 'unknown'),"
            " count(*) filter (where verdict = 'not_applicable') from temp.draft group by rule order by rule"
        ).fetchall()
    }
    return {rule.id: found.get(rule.id, RuleCounts()) for rule in rules}
