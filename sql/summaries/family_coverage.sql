-- family_coverage: one row an endpoint family, status and reason: how many subjects, what was seen, one example.
select
    org,
    family,
    status,
    coalesce(reason, '') as reason,
    count(*) as subjects,
    sum(seen) as seen,
    min(detail) as detail,
    min(observed_at) as oldest
from coverage_now
group by all
