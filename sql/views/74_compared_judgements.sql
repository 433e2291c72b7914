-- compared_judgements: one row an organization with a baseline: the two judgements its changes are told between.
-- They are the newest one and the newest one of the run before; `diff --from --to` puts a TEMP view in its place.
create or replace view compared_judgements as
with newest as (
    select
        judgement.org,
        judgement.run_id,
        max(judgement.judgement_id) as judgement_id
    from judgement
    join current_run using (org, run_id)
    group by judgement.org, judgement.run_id
)

select
    newest.org,
    max(earlier.judgement_id) as from_judgement,
    newest.judgement_id as to_judgement
from newest
join judgement as earlier
    on newest.org = earlier.org
    and earlier.run_id < newest.run_id
group by newest.org, newest.judgement_id;
