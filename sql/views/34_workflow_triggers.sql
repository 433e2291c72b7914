-- workflow_triggers: one row a workflow and an event that starts it.
create or replace view workflow_triggers as
with unnested as (
    select
        workflow_files.org,
        workflow_files.repository_id,
        workflow_files.repository,
        workflow_files.path,
        unnest(workflow_facts.triggers) as trigger
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
    trigger.name as event,
    trigger.types,
    trigger.branches,
    trigger.line,
    -- Anyone with an account starts these, and they get the repository's own token and secrets.
    trigger.name in (
        'pull_request_target', 'workflow_run', 'issue_comment', 'issues', 'discussion', 'discussion_comment'
    ) as is_privileged
from unnested;
