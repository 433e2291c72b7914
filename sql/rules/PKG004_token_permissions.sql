-- id: PKG004
-- name: token-permissions
-- title: GITHUB_TOKEN with other permissions than its job needs
-- severity: medium
-- subject: job
-- population: Every job that logs in to a GitHub Packages registry with GITHUB_TOKEN.
-- description: A job whose token may do more with packages than the job does, or whose permissions nobody declared,
--   or which lacks a right that it needs.
-- why: The token is what an attacker gets who gets into the job, by an action or a dependency. With "packages: write"
--   he can replace what everyone else pulls. And permissions that nobody declared change when somebody changes a
--   default.
-- fails_when: The token holds more than the job needs (medium; high with write-all or on an event that strangers
--   start), less than it needs (low), or no permissions are declared at any level (low).
-- passes_when: Declared permissions fit what the job does with packages.
-- unknown_when: What the job does at the registry can't be told while its token may write, or the workflow could not
--   be read.
-- not_applicable_when: Never.
-- remediation: Declare at the job "permissions" with "contents - read" and "packages - read" to pull, or "packages -
--   write" to push, and nothing else that it does not need; a block sets everything it does not list to none.
-- references: Controlling permissions for GITHUB_TOKEN; Publishing and installing a package with GitHub Actions;
--   Workflow syntax for GitHub Actions
-- version: 1

with logins as (
    select
        org,
        repository_id,
        repository,
        path,
        job,
        bool_or(stale) as stale,
        bool_or(operation in ('push', 'delete', 'restore')) as writes,
        bool_or(operation = 'unknown') as untold,
        string_agg(distinct registry, ', ' order by registry) as registries,
        min(line) as line
    from registry_logins
    where credential = 'github_token'
        and store = 'actions'
        and job <> ''
    group by org, repository_id, repository, path, job
),

reachable as (
    select
        org,
        repository_id,
        path,
        min(event) as event
    from workflow_triggers
    where is_privileged
    group by org, repository_id, path
),

decided as (
    select
        logins.org,
        logins.repository,
        logins.path,
        logins.job,
        logins.registries,
        logins.writes,
        logins.untold,
        coalesce(workflow_jobs.permissions_line, workflow_jobs.line, logins.line) as line,
        concat(logins.repository, '/', logins.path, '#', logins.job) as subject,
        workflow_jobs.permissions,
        workflow_jobs.permissions_declared_at,
        workflow_jobs.packages_permission,
        workflow_jobs.default_workflow_permissions,
        workflow_jobs.default_workflow_permissions_source,
        reachable.event,
        case when logins.writes then 'push' else 'pull' end as purpose,
        case
            when logins.stale then 'stale'
            when workflow_jobs.job is null then 'no_facts'
            when workflow_jobs.permissions_declared_at is null then 'undeclared'
            when workflow_jobs.permissions = 'write-all' then 'write_all'
            when logins.writes and workflow_jobs.packages_permission <> 'write' then 'less'
            when workflow_jobs.packages_permission = 'none' then 'less'
            when workflow_jobs.packages_permission = 'write' and not logins.writes and logins.untold then 'untold'
            when workflow_jobs.packages_permission = 'write' and not logins.writes then 'more'
            else 'fits'
        end as case_name
    from logins
    left join workflow_jobs using (org, repository_id, path, job)
    left join reachable using (org, repository_id, path)
)

select
    org,
    subject,
    case
        when case_name in ('undeclared', 'write_all', 'less', 'more') then 'fail'
        when case_name = 'fits' then 'pass'
        else 'unknown'
    end as verdict,
    case case_name
        when 'stale' then 'stale'
        when 'no_facts' then 'parse_error'
        when 'untold' then 'unresolved_expression'
    end as reason_code,
    case
        when case_name = 'write_all' then 'high'
        when case_name = 'more' and event is not null then 'high'
        when case_name = 'more' then 'medium'
        when case_name in ('undeclared', 'less') then 'low'
    end as severity,
    case when case_name in ('undeclared', 'write_all', 'less', 'more', 'fits') then 'proven' end as evidence_level,
    case case_name
        when 'stale' then concat(subject, ' was not read again for longer than facts may age.')
        when 'no_facts' then concat(
            'The permissions of ', subject, ' are not known, because its workflow could not be parsed.'
        )
        when 'undeclared' then concat(
            subject, ' declares no permissions, so its token has ',
            case
                when default_workflow_permissions is null then 'the default, which was not read'
                else concat(
                    'the ', default_workflow_permissions_source, '''s default, which is ', default_workflow_permissions
                )
            end,
            '.'
        )
        when 'write_all' then concat(subject, ' gives its token write-all to ', purpose, ' packages.')
        when 'less' then concat(
            subject, ' declares "packages: ', packages_permission, '", with which it can''t ', purpose, '.'
        )
        when 'more' then concat(
            subject, ' gives its token "packages: write" but only pulls',
            case when event is not null then concat(', and runs on ', event) else '' end, '.'
        )
        when 'untold' then concat(
            subject, ' gives its token "packages: write", and whether it pushes can''t be told from its text.'
        )
        else concat(subject, ' declares permissions that fit what it does with packages.')
    end as reason,
    repository,
    null::varchar as package,
    path,
    line,
    registries as registry,
    'github_token' as credential,
    null::varchar as secret,
    to_json(
        case
            when case_name in ('undeclared', 'write_all', 'less', 'more') then [
                {
                    'kind': 'permissions',
                    'text': case
                        when permissions_declared_at is null
                            then 'Neither the job nor the workflow declares permissions.'
                        else concat(
                            'The ', permissions_declared_at, ' declares: ', coalesce(nullif(permissions, ''), 'none'),
                            '.'
                        )
                    end,
                    'level': 'proven',
                    'request_id': null::varchar
                }
            ]
            else []
        end
    ) as hops,
    case
        when case_name in ('undeclared', 'write_all', 'less', 'more')
            then to_json({'why': case_name, 'packages': packages_permission, 'event': event})
    end as evidence
from decided
