-- workflow_files_history: one row a workflow file and a span of nights through which its text stayed the same.
create or replace view workflow_files_history as
select
    workflow_file.org,
    workflow_file.repository_id,
    workflow_file.path,
    workflow_file.kind,
    workflow_file.blob_sha,
    workflow_file.status,
    workflow_file.valid_from_run,
    workflow_file.valid_to_run,
    opened.as_of as since,
    closed.as_of as until               -- the first night it was otherwise or gone; null: it still is so
from workflow_file
join run_times as opened
    on workflow_file.org = opened.org
    and workflow_file.valid_from_run = opened.run_id
left join run_times as closed
    on workflow_file.org = closed.org
    and workflow_file.valid_to_run = closed.run_id;
