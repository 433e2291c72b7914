-- workflow_list: one row a workflow file that logs in at a registry or that a verdict speaks of.
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
),

triggers as (
    select
        org,
        repository,
        path,
        string_agg(distinct event, ', ' order by event) as triggers,
        bool_or(is_privileged) as privileged
    from workflow_triggers
    group by org, repository, path
)

select
    w.org,
    w.repository,
    w.path,
    w.kind,
    w.status,
    w.reason,
    w.error_line,
    w.blob_sha,
    t.triggers,
    coalesce(t.privileged, false) as privileged
from workflow_files as w
inner join spoken_of as s on w.org = s.org and w.repository = s.repository and w.path = s.path
left join triggers as t on w.org = t.org and w.repository = t.repository and w.path = t.path
