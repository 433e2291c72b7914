-- workflow_secrets: one row a workflow or action, a job of it and a stored secret that it names there.
create or replace view workflow_secrets as
with unnested as (
    select
        workflow_files.org,
        workflow_files.repository_id,
        workflow_files.repository,
        workflow_files.path,
        unnest(workflow_facts.secrets) as secret
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
    secret.job as job,          -- '' outside of jobs
    upper(secret.name) as name,
    min(secret.line) as line
from unnested
where upper(secret.name) <> 'GITHUB_TOKEN'
group by org, repository_id, repository, path, secret.job, upper(secret.name);
