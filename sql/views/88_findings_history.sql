-- findings_history: one row a rule, a subject and a span of judgements through which it failed alike, waived or not.
create or replace view findings_history as
select *
from verdicts_history
where verdict = 'fail';
