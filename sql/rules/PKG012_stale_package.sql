-- id: PKG012
-- name: stale-package
-- title: Package that nobody publishes but something still reaches
-- severity: low
-- subject: package
-- population: Every package of the organization.
-- description: A private or internal package without a new version for a year (or as long as the organization sets),
--   while a workflow or a declared grant still gives access; or one whose declared access list is past its review
--   date.
-- why: Access that outlives its purpose is the access nobody reviews. An old package also carries old code with known
--   flaws to whatever still pulls it.
-- fails_when: The newest version is older than the threshold while a workflow names the package or a declared grant
--   holds; or a declared grant has passed its review date.
-- passes_when: A version was published lately; or nothing that was examined still uses it.
-- unknown_when: The age of the newest version, or some workflow files, could not be read.
-- not_applicable_when: The package is public.
-- remediation: Ask who uses it. Remove the repositories under "Manage Actions access", or delete the package, or
--   publish a maintained version. For a declaration past its date, look at the settings page again and import what it
--   says.
-- references: Configuring a package's access control and visibility; Deleting and restoring a package
-- version: 1

with versions_read as (
    select
        org,
        try_cast(subject as bigint) as package_id,
        readable,
        reason_code
    from coverage_now
    where family = 'package_versions'
),

-- Evidence that somebody still means to use it: not the mere default of a connected repository.
uses as (
    select
        package_access.org,
        package_access.package_id,
        count(*) as repository_count,
        min(repositories.repository) as repository,
        -- How well the use is known, not the access that a connected repository has anyway.
        max(case
            when list_contains(package_access.kinds, 'declared_grant') then 3
            when list_contains(package_access.kinds, 'workflow_run') then 2
            else 1
        end) as level_rank
    from package_access
    join repositories using (org, repository_id)
    where package_access.role <> 'none'
        and list_has_any(package_access.kinds, ['workflow_reference', 'workflow_run', 'declared_grant'])
    group by package_access.org, package_access.package_id
),

-- A date that has passed counts only while no younger declaration of the same repository stands.
latest_declarations as (
    select
        org,
        package_id,
        repository,
        max(expires_at) as expires_at,
        bool_and(expired) as expired
    from package_declarations
    group by org, package_id, repository
),

overdue as (
    select
        org,
        package_id,
        min(expires_at) as expired_at
    from latest_declarations
    where expired
    group by org, package_id
),

unread_trees as (
    select
        repositories.org,
        min(coalesce(coverage_now.reason_code, 'not_collected')) as reason_code
    from repositories
    left join coverage_now
        on coverage_now.family = 'workflow_trees'
        and repositories.org = coverage_now.org
        and coverage_now.subject = repositories.repository_id::varchar
    where not coalesce(coverage_now.readable, false)
    group by repositories.org
),

-- A file that does not parse is none of these: GitHub does not run it either.
unread_files as (
    select
        org,
        'timeout' as reason_code
    from workflow_files
    where status = 'failed'
    group by org
),

-- Nothing was published after the package was last touched, so that bounds its age where its versions were not read.
aged as (
    select
        packages.*,
        packages.newest_version_at is not null and coalesce(versions_read.readable, true) as age_proven,
        case
            when packages.newest_version_at is not null and coalesce(versions_read.readable, true)
                then packages.newest_version_at
            else packages.updated_at
        end as last_change,
        versions_read.reason_code as versions_reason
    from packages
    left join versions_read using (org, package_id)
),

facts as (
    select
        aged.* exclude (versions_reason),
        settings.stale_package_days,
        aged.last_change < current_run.as_of - to_days(settings.stale_package_days) as is_old,
        coalesce(aged.versions_reason, 'not_collected') as versions_reason,
        coalesce(uses.repository_count, 0) as use_count,
        uses.repository as user_repository,
        uses.level_rank,
        overdue.expired_at,
        coalesce(unread_trees.reason_code, unread_files.reason_code) as unread_reason
    from aged
    join current_run using (org)
    cross join settings
    left join uses using (org, package_id)
    left join overdue using (org, package_id)
    left join unread_trees using (org)
    left join unread_files using (org)
),

decided as (
    select
        *,
        case
            when stale then 'stale'
            when visibility = 'public' then 'public'
            when is_old and use_count > 0 then 'old_and_used'
            when expired_at is not null then 'overdue'
            when is_old is null then 'age_unread'
            -- An update without a new version looks young; only the versions tell.
            when not is_old and not age_proven then 'age_unread'
            when not is_old then 'young'
            when unread_reason is not null then 'uses_unread'
            else 'unused'
        end as case_name
    from facts
)

select
    org,
    subject,
    case
        when case_name = 'public' then 'not_applicable'
        when case_name in ('old_and_used', 'overdue') then 'fail'
        when case_name in ('young', 'unused') then 'pass'
        else 'unknown'
    end as verdict,
    case case_name
        when 'stale' then 'stale'
        when 'age_unread' then versions_reason
        when 'uses_unread' then unread_reason
    end as reason_code,
    case when case_name in ('old_and_used', 'overdue') then 'low' end as severity,
    case
        when case_name = 'overdue' then 'declared'
        when case_name = 'old_and_used'
            then case level_rank when 3 then 'declared' when 2 then 'implied' else 'suggested' end
        when case_name in ('young', 'unused') then 'proven'
    end as evidence_level,
    case case_name
        when 'stale' then concat(subject, ' was not listed again for longer than facts may age.')
        when 'public' then concat(subject, ' is public, so nobody needs to be granted access to it.')
        when 'old_and_used' then concat(
            upper(visibility[1]), visibility[2:], ' package ', subject, ' has had no new version since ',
            strftime(last_change, '%Y-%m-%d'), ', and ', user_repository,
            case
                when use_count > 1 then concat(' and ', use_count - 1, ' more still name it or are granted it')
                else ' still names it or is granted it'
            end,
            '.'
        )
        when 'overdue' then concat('The declared access of ', subject, ' passed its review date on ', expired_at, '.')
        when 'age_unread' then concat(
            'When ', subject, ' last got a version could not be read (', versions_reason, ').'
        )
        when 'young' then concat(
            subject, ' got a version on ', strftime(last_change, '%Y-%m-%d'), ', within ', stale_package_days, ' days.'
        )
        when 'uses_unread' then concat(
            subject, ' has had no new version since ', strftime(last_change, '%Y-%m-%d'),
            ', and not every workflow file that may use it could be read (', unread_reason, ').'
        )
        else concat(
            subject, ' has had no new version since ', strftime(last_change, '%Y-%m-%d'),
            ', and nothing that was examined uses it.'
        )
    end as reason,
    coalesce(case when case_name = 'old_and_used' then user_repository end, repository) as repository,
    subject as package,
    null::varchar as path,
    null::integer as line,
    package_type as registry,
    null::varchar as credential,
    null::varchar as secret,
    '[]'::json as hops,
    case
        when case_name in ('old_and_used', 'overdue') then to_json({'why': case_name, 'visibility': visibility})
    end as evidence
from decided
