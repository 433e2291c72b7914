-- job_list: one row a job of a workflow that logs in at a registry or that a verdict speaks of.
with spoken_of as (
    select
        org,
        repository,
        path
    from verdicts
    where verdict in ('fail', 'unknown') and path is not null
    union
    select
        org,
        repository,
        path
    from registry_logins
)

select
    j.org,
    j.repository,
    j.path,
    j.job,
    j.line,
    j.permissions_declared_at as declared_at,
    j.permissions,
    j.packages_permission,
    j.default_workflow_permissions as token_default,
    j.environment,
    j.uses as calls
from workflow_jobs as j
inner join spoken_of as s on j.org = s.org and j.repository = s.repository and j.path = s.path
