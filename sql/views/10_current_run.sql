-- current_run: one row an organization, its newest published run.
-- Every other view reads facts as they stood in this run. A TEMP view of this name moves them all to another night.
create or replace view current_run as
select
    org,
    run_id,
    coalesce(ended_at, started_at) as as_of, -- the only clock of rules and views
    started_at,
    ended_at,
    edition,                                 -- github.com | ghec | ghes | ghe.com
    web_url,
    api_url
from run
where status = 'published'
qualify row_number() over (partition by org order by run_id desc) = 1;
