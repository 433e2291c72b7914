-- previous_run: one row an organization that has a baseline: the newest judgement of the run before the newest.
select
    j.org,
    max(j.judgement_id) as judgement_id,
    max_by(j.run_id, j.judgement_id) as run_id,
    max_by(j.as_of, j.judgement_id) as as_of
from judgement as j
inner join current_run as c on j.org = c.org
where j.run_id < c.run_id
group by j.org
