-- finding_changes: one row a finding of either of two judgements: what became of it, seven ways.
-- A lost permission never looks like progress: what could not be examined again is neither fixed nor gone.
create or replace view finding_changes as
with severities as (
    select
        ranked.severity,
        ranked.weight
    from (values ('critical', 4), ('high', 3), ('medium', 2), ('low', 1)) as ranked (severity, weight)
),

earlier as (
    select verdict.*
    from verdict
    join compared_judgements using (org)
    where verdict.valid_from_judgement <= compared_judgements.from_judgement
        and (
            verdict.valid_to_judgement is null
            or compared_judgements.from_judgement < verdict.valid_to_judgement
        )
),

later as (
    select verdict.*
    from verdict
    join compared_judgements using (org)
    where verdict.valid_from_judgement <= compared_judgements.to_judgement
        and (
            verdict.valid_to_judgement is null
            or compared_judgements.to_judgement < verdict.valid_to_judgement
        )
),

-- Each rule with its version, as a judgement keeps them: 'PKG001/1 PKG002/1'.
rules_before as (
    select
        compared_judgements.org,
        unnest(string_split(judgement.rules_version, ' ')) as rule_version
    from compared_judgements
    join judgement
        on compared_judgements.from_judgement = judgement.judgement_id
),

rules_now as (
    select
        compared_judgements.org,
        unnest(string_split(judgement.rules_version, ' ')) as rule_version
    from compared_judgements
    join judgement
        on compared_judgements.to_judgement = judgement.judgement_id
),

-- Rules that are in one of the two judgements only, or in another version there.
changed_rules as (
    select distinct
        coalesce(rules_now.org, rules_before.org) as org,
        split_part(coalesce(rules_now.rule_version, rules_before.rule_version), '/', 1) as rule
    from rules_before
    full join rules_now
        on rules_before.org = rules_now.org
        and rules_before.rule_version = rules_now.rule_version
    where rules_before.org is null or rules_now.org is null
),

paired as (
    select
        coalesce(later.org, earlier.org) as org,
        coalesce(later.rule, earlier.rule) as rule,
        coalesce(later.subject, earlier.subject) as subject,
        coalesce(later.fingerprint, earlier.fingerprint) as fingerprint,
        earlier.verdict as verdict_before,
        later.verdict as verdict_now,
        earlier.severity as severity_before,
        later.severity as severity_now,
        -- A finding that went out of sight keeps its age, so it has not come anew.
        earlier.verdict = 'fail' or (earlier.verdict = 'unknown' and earlier.first_seen is not null)
            as failed_before,
        coalesce(later.reason, earlier.reason) as reason,
        coalesce(later.first_seen, earlier.first_seen) as first_seen,
        coalesce(later.waiver_id, earlier.waiver_id) as waiver_id
    from earlier
    full join later
        on earlier.org = later.org
        and earlier.fingerprint = later.fingerprint
),

weighed as (
    select
        paired.*,
        changed_rules.rule is not null as rule_changed,
        before.weight as weight_before,
        now.weight as weight_now
    from paired
    left join changed_rules
        on paired.org = changed_rules.org
        and paired.rule = changed_rules.rule
    left join severities as before
        on paired.severity_before = before.severity
    left join severities as now
        on paired.severity_now = now.severity
)

select
    org,
    case
        when verdict_now = 'fail' and failed_before and weight_now > weight_before then 'worse'
        when verdict_now = 'fail' and failed_before and weight_now < weight_before then 'better'
        when verdict_now = 'fail' and failed_before then 'unchanged'
        when verdict_now = 'unknown' and verdict_before = 'fail' then 'not_examined'
        when verdict_now = 'unknown' then 'unchanged'
        when rule_changed then 'rule_changed'
        when verdict_now = 'fail' then 'new'
        when verdict_now is null then 'gone'
        else 'fixed'
    end as change,              -- new | worse | better | fixed | gone | not_examined | rule_changed | unchanged
    rule,
    subject,
    fingerprint,
    verdict_before,
    verdict_now,
    severity_before,
    severity_now,
    reason,
    first_seen,
    waiver_id
from weighed
where verdict_now = 'fail'
    or coalesce(failed_before, false);
