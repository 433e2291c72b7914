-- findings: one row a verdict that is fail, waived or not.
create or replace view findings as
select *
from verdicts
where verdict = 'fail';
