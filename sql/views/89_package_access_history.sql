-- package_access_history: one row a package, a piece of evidence about its access, and the time through which it held.
-- repository_id null: every repository that the visibility admits.
create or replace view package_access_history as
with visible as (
    select
        org,
        package_id,
        subject,
        null::bigint as repository_id,
        null::varchar as repository,
        'read' as role,
        'grants' as polarity,
        'proven' as level,
        concat(visibility, '_visibility') as kind,
        since,
        until
    from packages_history
    where visibility in ('public', 'internal')
),

listed_connections as (
    select
        org,
        package_id,
        subject,
        repository_id,
        repository,
        'admin' as role,
        'grants' as polarity,
        'implied' as level,
        'connected_repository' as kind,
        since,
        until
    from packages_history
    where repository_id is not null
),

-- Subjects by id, under the name that the package has or last had.
subjects as (
    select
        org,
        package_id,
        max_by(subject, valid_from_run) as subject
    from packages_history
    group by org, package_id
),

asked_connections as (
    select
        package_connection.org,
        package_connection.package_id,
        subjects.subject,
        package_connection.repository_id,
        package_connection.repository_full_name as repository,
        'admin' as role,
        'grants' as polarity,
        'implied' as level,
        'connected_repository' as kind,
        opened.as_of as since,
        closed.as_of as until
    from package_connection
    join subjects using (org, package_id)
    join run_times as opened
        on package_connection.org = opened.org
        and package_connection.valid_from_run = opened.run_id
    left join run_times as closed
        on package_connection.org = closed.org
        and package_connection.valid_to_run = closed.run_id
    where package_connection.repository_id is not null
),

declared as (
    select
        declared_grant.org,
        subjects.package_id,
        subjects.subject,
        repositories.repository_id,
        declared_grant.repository,
        case when declared_grant.role = 'none' then 'read' else declared_grant.role end as role,
        case when declared_grant.role = 'none' then 'denies' else 'grants' end as polarity,
        'declared' as level,
        case when declared_grant.role = 'none' then 'declared_none' else 'declared_grant' end as kind,
        declared_grant.declared_at::timestamp as since,
        declared_grant.expires_at::timestamp as until
    from declared_grant
    join subjects
        on declared_grant.org = subjects.org
        and lower(subjects.subject)
        = lower(concat(declared_grant.package_type, ':', declared_grant.org, '/', declared_grant.package_name))
    left join repositories
        on declared_grant.org = repositories.org
        and lower(declared_grant.repository) = lower(repositories.repository)
    where declared_grant.repository <> ''
        and declared_grant.role is not null
),

probed as (
    select
        probe_answer.org,
        probe_answer.package_id,
        subjects.subject,
        probe_answer.repository_id,
        repositories.repository,
        probe_answer.right_asked as role,
        case when probe_answer.granted then 'grants' else 'denies' end as polarity,
        'proven' as level,
        case when probe_answer.from_fork then 'probe_from_fork' else 'probe' end as kind,
        probe_answer.answered_at as since,
        probe_answer.expires_at as until
    from probe_answer
    join subjects using (org, package_id)
    left join repositories using (org, repository_id)
)

select * from visible
union all by name
select * from listed_connections
union all by name
select * from asked_connections
union all by name
select * from declared
union all by name
select * from probed;
