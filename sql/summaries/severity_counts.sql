-- severity_counts: one row a severity: its open findings, the new ones of them, what they speak of, the oldest.
with baseline as (
    select
        j.org,
        max_by(j.as_of, j.judgement_id) as as_of
    from judgement as j
    inner join current_run as c on j.org = c.org
    where j.run_id < c.run_id
    group by j.org
)

select
    f.org,
    f.severity,
    count(*) as open,
    count(*) filter (where f.first_seen > b.as_of) as new,
    count(distinct f.package) as packages,
    count(distinct f.repository) filter (where f.package is null) as repositories,
    min(f.first_seen) as oldest,
    max(f.as_of) as as_of
from findings as f
left join baseline as b on f.org = b.org
where not f.waived
group by f.org, f.severity
