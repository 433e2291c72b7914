-- outsider_code: one row a place where a workflow's job takes in code or text that a stranger controls.
create or replace view outsider_code as
with unnested as (
    select
        workflow_files.org,
        workflow_files.repository_id,
        workflow_files.repository,
        workflow_files.path,
        unnest(workflow_facts.outsider) as taken
    from workflow_files
    join workflow_facts using (blob_sha, kind)
    where workflow_files.kind = 'workflow'
        and workflow_files.status = 'read'
        and workflow_files.is_root
)

select
    org,
    repository_id,
    repository,
    path,
    taken.job as job,
    taken.step as step,
    taken.line as line,
    taken.kind as kind,         -- checkout_head | script_text | artifact
    taken.text as text
from unnested;
