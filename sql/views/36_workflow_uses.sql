-- workflow_uses: one row a `uses:` reference of a workflow or composite action.
create or replace view workflow_uses as
with unnested as (
    select
        workflow_files.org,
        workflow_files.repository_id,
        workflow_files.repository,
        workflow_files.path,
        workflow_files.kind as file_kind,
        workflow_files.stale,
        unnest(workflow_facts.uses) as used
    from workflow_files
    join workflow_facts using (blob_sha, kind)
    where workflow_files.kind in ('workflow', 'action')
        and workflow_files.status = 'read'
        and workflow_files.is_root
)

select
    org,
    concat(
        repository, '/', path, '#', used.job, '/', used.text, '/',
        row_number() over (partition by org, repository_id, path, used.job, used.text order by used.step, used.line) - 1
    ) as subject,
    repository_id,
    repository,
    path,
    file_kind,                  -- workflow | action
    used.job as job,
    used.step as step,          -- -1: the job itself calls a workflow
    used.text as uses,
    lower(split_part(used.text, '@', 1)) as name,
    used.line as line,
    used.kind as kind,          -- action, workflow, local, docker
    used.pin as pin,            -- sha, ref (tag or branch), digest, tag, none, local, expression
    coalesce(used.receives_credential, false) as receives_credential,
    stale
from unnested;
