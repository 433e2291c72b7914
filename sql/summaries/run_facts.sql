-- run_facts: one row an organization: who ran when with which credential, and what was judged with which rules.
with newest as (
    select
        org,
        run_id,
        max(judgement_id) as judgement_id
    from judgement
    group by org, run_id
)

select
    c.org,
    c.run_id,
    c.as_of,
    c.started_at,
    c.ended_at,
    c.edition,
    c.web_url,
    c.api_url,
    r.tool_version,
    cast(r.credentials as varchar) as credentials,
    cast(r.warnings as varchar) as warnings,
    cast(r.options as varchar) as options,
    j.judgement_id,
    j.rules_version,
    j.rules_digest,
    j.waivers_digest,
    j.grants_digest,
    j.settings_digest
from current_run as c
inner join run as r on c.run_id = r.run_id
left join newest as n on c.org = n.org and c.run_id = n.run_id
left join judgement as j on n.judgement_id = j.judgement_id
