-- unknown_counts: one row a reason why a rule could not tell: how many subjects of the rule have it.
select
    org,
    rule,
    coalesce(reason_code, '') as reason_code,
    count(*) as subjects
from verdicts
where verdict = 'unknown'
group by all
