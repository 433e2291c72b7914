-- workflow_attestations: one row a step or called workflow that attests what was built.
create or replace view workflow_attestations as
with unnested as (
    select
        workflow_files.org,
        workflow_files.repository_id,
        workflow_files.repository,
        workflow_files.path,
        unnest(workflow_facts.attestations) as attested
    from workflow_files
    join workflow_facts using (blob_sha, kind)
    where workflow_files.status = 'read'
        and workflow_files.is_root
)

select
    org,
    repository_id,
    repository,
    path,
    attested.job as job,
    attested.step as step,      -- -1: the job calls a workflow that attests
    attested.line as line,
    attested.text as text
from unnested;
