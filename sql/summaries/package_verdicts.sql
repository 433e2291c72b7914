-- package_verdicts: one row a rule that judges packages and a package, with the first letter of the verdict.
select
    v.org,
    v.rule,
    v.subject,
    left(v.verdict, 1) as letter
from verdicts as v
inner join (select distinct org, subject from packages) as p on v.org = p.org and v.subject = p.subject
