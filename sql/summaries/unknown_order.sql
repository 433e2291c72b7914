-- unknown_order: one row a sign that a package without an answer from any API gives; what would be worst stands first.
with package_signs as (
    select
        org,
        subject,
        min(case
            when repository_visibility = 'public' then 1
            when connection = 'connected' then 2
            when connection = 'unknown' then 3
            else 4
        end) as place
    from packages
    group by org, subject
)

select
    v.org,
    p.place,
    count(*) as subjects
from verdicts as v
inner join package_signs as p on v.org = p.org and v.package = p.subject
where v.verdict = 'unknown' and v.reason_code = 'no_api'
group by v.org, p.place
