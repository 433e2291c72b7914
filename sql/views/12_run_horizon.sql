-- run_horizon: one row an organization, until when declarations and probes are believed to belong to the current run.
-- What a person declared after last night's run still counts for it (null); on a past night only what was known
-- before the next run does.
create or replace view run_horizon as
select
    current_run.org,
    min(coalesce(run.ended_at, run.started_at)) as until
from current_run
left join run
    on current_run.org = run.org
    and run.status = 'published'
    and current_run.run_id < run.run_id
group by current_run.org;
