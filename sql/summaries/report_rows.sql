-- report_rows: one row a finding or one unknown, with the visibility of what it speaks of and its place in the list.
-- Findings come most severe and oldest first; unknowns after them, contradictions and signs of use first.
with baseline as (
    select
        j.org,
        max_by(j.as_of, j.judgement_id) as as_of
    from judgement as j
    inner join current_run as c on j.org = c.org
    where j.run_id < c.run_id
    group by j.org
),

package_visibility as (
    select
        org,
        subject,
        min(visibility) as visibility,
        -- What would be worst if there were access: a public repository, a known one, one that was not read.
        min(case
            when repository_visibility = 'public' then 12
            when connection = 'connected' then 13
            when connection = 'unknown' then 14
            else 15
        end) as sign
    from packages
    group by org, subject
),

repository_visibility as (
    select
        org,
        repository,
        min(visibility) as visibility
    from repositories
    group by org, repository
)

select
    v.org,
    v.rule,
    v.fingerprint,
    v.subject,
    v.verdict,
    v.reason_code,
    v.severity,
    v.evidence_level,
    v.reason,
    v.repository,
    v.package,
    v.path,
    v.line,
    v.registry,
    v.credential,
    v.secret,
    cast(v.hops as varchar) as hops,
    v.first_seen,
    v.waived,
    coalesce(p.visibility, r.visibility) as visibility,
    coalesce(v.verdict = 'fail' and v.first_seen > b.as_of, false) as new,
    case
        when v.verdict = 'fail'
            then coalesce(nullif(list_position(['critical', 'high', 'medium', 'low'], v.severity), 0), 5)
        when v.reason_code = 'contradicted' then 10
        when v.reason_code in ('unresolved_expression', 'external_reference', 'no_caller') then 16
        when v.reason_code <> 'no_api' then 11
        else coalesce(p.sign, 15)
    end as place
from verdicts as v
left join package_visibility as p on v.org = p.org and v.package = p.subject
left join repository_visibility as r on v.org = r.org and v.repository = r.repository
left join baseline as b on v.org = b.org
where v.verdict in ('fail', 'unknown')
