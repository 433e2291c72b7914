-- workflow_jobs: one row a job of a workflow, with the permissions that its GITHUB_TOKEN has.
create or replace view workflow_jobs as
with unnested as (
    select
        workflow_files.org,
        workflow_files.repository_id,
        workflow_files.repository,
        workflow_files.path,
        workflow_files.stale,
        workflow_facts.permissions as file_permissions,
        -- "secrets: inherit" stands as null where the job calls a workflow.
        list_transform(
            list_filter(coalesce(workflow_facts.calls, []), lambda call: call.step = -1 and call.secrets is null),
            lambda call: call.job
        ) as inheriting,
        unnest(workflow_facts.jobs) as job
    from workflow_files
    join workflow_facts using (blob_sha, kind)
    where workflow_files.kind = 'workflow'
        and workflow_files.status = 'read'
        and workflow_files.is_root
),

declared as (
    select
        *,
        coalesce(job.permissions, file_permissions) as block,
        case
            when job.permissions is not null then 'job'
            when file_permissions is not null then 'workflow'
        end as declared_at
    from unnested
)

select
    declared.org,
    declared.repository_id,
    declared.repository,
    repositories.visibility as repository_visibility,
    declared.path,
    declared.job.id as job,
    declared.job.line as line,
    declared.job.name as name,
    nullif(declared.job.uses, '') as uses,              -- the reusable workflow it calls
    nullif(declared.job.environment, '') as environment,
    declared.job.condition is not null as has_condition,
    declared.declared_at as permissions_declared_at,    -- job | workflow; null: nowhere, the default holds
    declared.block.line as permissions_line,
    case
        when declared.declared_at is null then null
        when declared.block."all" <> '' then declared.block."all"
        else array_to_string(
            list_transform(
                list_sort(map_keys(declared.block.scopes)),
                lambda scope: concat(scope, ': ', declared.block.scopes[scope])
            ),
            ', '
        )
    end as permissions,                                 -- as declared: read-all, write-all or the list
    -- What is not listed in a block is none; without a block the repository's or organization's default holds.
    case
        when declared.declared_at is null then case repositories.default_workflow_permissions
            when 'write' then 'write'
            when 'read' then 'read'
        end
        when declared.block."all" = 'write-all' then 'write'
        when declared.block."all" = 'read-all' then 'read'
        else coalesce(declared.block.scopes['packages'], 'none')
    end as packages_permission,                         -- none | read | write; null: the default was not read
    repositories.default_workflow_permissions,
    repositories.default_workflow_permissions_source,
    list_contains(declared.inheriting, declared.job.id) as inherits_secrets,
    declared.stale
from declared
join repositories
    on declared.org = repositories.org
    and declared.repository_id = repositories.repository_id;
