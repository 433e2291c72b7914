-- run_times: one row a published run, its time, for the views that tell a history.
create or replace view run_times as
select
    org,
    run_id,
    coalesce(ended_at, started_at) as as_of
from run
where status = 'published';
