-- rule_counts: one row a rule: population = pass + fail + unknown + not_applicable, and how many fails are waived.
select
    org,
    rule,
    count(*) as population,
    count(*) filter (where verdict = 'pass') as passed,
    count(*) filter (where verdict = 'fail') as failed,
    count(*) filter (where verdict = 'unknown') as unknown,
    count(*) filter (where verdict = 'not_applicable') as not_applicable,
    count(*) filter (where verdict = 'fail' and waived) as waived,
    count(*) filter (where verdict = 'fail' and not waived and severity = 'critical') as critical,
    count(*) filter (where verdict = 'fail' and not waived and severity = 'high') as high,
    count(*) filter (where verdict = 'fail' and not waived and severity = 'medium') as medium,
    count(*) filter (where verdict = 'fail' and not waived and severity = 'low') as low
from verdicts
group by org, rule
