-- id: PKG014
-- name: internal-packages-public-workflows
-- title: Internal packages within reach of public repositories' workflows
-- severity: medium
-- subject: organization
-- population: The organization.
-- description: The organization has internal packages and public repositories with Actions enabled. Workflows of
--   every repository of the enterprise can download an internal package, so also those of the public ones.
-- why: Internal reads like "for us", but a workflow of a public repository is started by what strangers send to it.
--   GitHub warns that forks of a public repository with access may be able to read such a package too.
-- fails_when: There is an internal package of a granular registry and a public repository in which Actions is enabled
--   and which is not archived.
-- passes_when: The complete lists hold no internal package, or no public repository in which workflows run.
-- unknown_when: A list of internal packages or of repositories could not be read, or the Actions settings of the
--   public repositories; or the server lists all packages as internal, whatever they are.
-- not_applicable_when: The edition has no public repositories.
-- remediation: Make packages private that not the whole enterprise needs, and grant Actions access one by one. Or
--   keep what uses internal packages out of public repositories, and require approval for all external contributors'
--   pull requests there.
-- references: Publishing and installing a package with GitHub Actions; About permissions for GitHub Packages;
--   Disabling or limiting GitHub Actions for your organization
-- version: 1

with editions as (
    select
        current_run.org,
        bool_or(registry_kinds.has_public_repositories) as has_public_repositories
    from current_run
    join registry_kinds using (edition)
    group by current_run.org
),

internal_packages as (
    select
        org,
        count(*) filter (where not stale) as fresh_count,
        list(subject order by subject) as subjects,
        min(request_id) as request_id
    from packages
    where visibility = 'internal'
        and registry_kind = 'granular'
    group by org
),

-- Sweeps that could have held an internal package and were not read.
unread_sweeps as (
    select
        current_run.org,
        min(case
            when coverage_now.reason = 'filter_ignored' then 'no_api'
            else coalesce(coverage_now.reason_code, 'not_collected')
        end) as reason_code
    from current_run
    join registry_kinds
        on current_run.edition = registry_kinds.edition
        and registry_kinds.kind = 'granular'
    left join coverage_now
        on coverage_now.family = 'packages'
        and current_run.org = coverage_now.org
        and coverage_now.subject = concat(registry_kinds.package_type, '/internal')
    where coverage_now.reason = 'filter_ignored'
        or not coalesce(coverage_now.readable, false)
        -- An organization outside an enterprise has no internal packages to list.
        and coalesce(coverage_now.status <> 'unavailable', true)
    group by current_run.org
),

public_repositories as (
    select
        org,
        count(*) as public_count,
        count(*) filter (where actions_enabled) as enabled_count,
        count(*) filter (where actions_enabled and actions_enabled_source = 'repository') as proven_count,
        count(*) filter (where actions_enabled is null) as unread_count,
        list(repository order by repository) filter (where actions_enabled) as enabled_names
    from repositories
    where visibility = 'public'
        and not archived
    group by org
),

repository_lists as (
    select
        org,
        readable,
        reason_code
    from coverage_now
    where family = 'repositories'
        and subject = ''
),

actions_settings as (
    select
        org,
        min(reason_code) as reason_code
    from coverage_now
    where family in ('org_actions_permissions', 'repo_actions_permissions')
        and not readable
    group by org
),

facts as (
    select
        current_run.org,
        editions.has_public_repositories,
        coalesce(len(internal_packages.subjects), 0) as package_count,
        coalesce(internal_packages.fresh_count, 0) as fresh_count,
        internal_packages.subjects,
        internal_packages.request_id,
        unread_sweeps.reason_code as sweep_reason,
        coalesce(public_repositories.public_count, 0) as public_count,
        coalesce(public_repositories.enabled_count, 0) as enabled_count,
        coalesce(public_repositories.proven_count, 0) as proven_count,
        coalesce(public_repositories.unread_count, 0) as unread_count,
        public_repositories.enabled_names,
        coalesce(repository_lists.readable, false) as list_readable,
        coalesce(repository_lists.reason_code, 'not_collected') as list_reason,
        coalesce(actions_settings.reason_code, 'not_collected') as settings_reason
    from current_run
    left join editions using (org)
    left join internal_packages using (org)
    left join unread_sweeps using (org)
    left join public_repositories using (org)
    left join repository_lists using (org)
    left join actions_settings using (org)
),

decided as (
    select
        *,
        case
            when not has_public_repositories then 'no_public_edition'
            when package_count > 0 and fresh_count = 0 then 'packages_stale'
            when enabled_count > 0 and list_reason = 'stale' then 'list_stale'
            when package_count > 0 and enabled_count > 0 then 'both'
            when list_readable and enabled_count = 0 and unread_count = 0 then 'no_public_workflows'
            when package_count = 0 and sweep_reason is null then 'no_internal_package'
            when package_count = 0 then 'packages_unread'
            when not list_readable then 'list_unread'
            else 'settings_unread'
        end as case_name
    from facts
)

select
    org,
    org as subject,
    case
        when case_name = 'no_public_edition' then 'not_applicable'
        when case_name = 'both' then 'fail'
        when case_name in ('no_internal_package', 'no_public_workflows') then 'pass'
        else 'unknown'
    end as verdict,
    case case_name
        when 'packages_stale' then 'stale'
        when 'list_stale' then 'stale'
        when 'packages_unread' then sweep_reason
        when 'list_unread' then list_reason
        when 'settings_unread' then settings_reason
    end as reason_code,
    case when case_name = 'both' then 'medium' end as severity,
    case
        when case_name = 'both' and proven_count = 0 then 'implied'
        when case_name in ('both', 'no_internal_package', 'no_public_workflows') then 'proven'
    end as evidence_level,
    case case_name
        when 'no_public_edition' then concat(
            'This edition of GitHub has no public repositories, so ', org, ' has none.'
        )
        when 'packages_stale' then concat(
            'The internal packages of ', org, ' were not listed again for longer than facts may age.'
        )
        when 'list_stale' then concat(
            'The repositories of ', org, ' were not listed again for longer than facts may age.'
        )
        when 'both' then concat(
            'Workflows of ', enabled_count, ' public repositor', case when enabled_count = 1 then 'y' else 'ies' end,
            ' of ',
            org, ' can download its ', package_count, ' internal package',
            case when package_count = 1 then '' else 's' end,
            ', and their forks may be able to: exposed according to GitHub''s warning, not confirmed.'
        )
        when 'no_internal_package' then concat(org, ' has no internal package of a granular registry.')
        when 'no_public_workflows' then concat(org, ' has no public repository in which workflows run.')
        when 'packages_unread' then concat(
            'The internal packages of ', org, ' could not be listed (', sweep_reason, ').'
        )
        when 'list_unread' then concat('The repositories of ', org, ' could not be listed whole (', list_reason, ').')
        else concat(
            'Whether Actions is enabled in the ', unread_count, ' public repositor',
            case when unread_count = 1 then 'y' else 'ies' end, ' of ', org, ' could not be read (', settings_reason,
            ').'
        )
    end as reason,
    null::varchar as repository,
    null::varchar as package,
    null::varchar as path,
    null::integer as line,
    null::varchar as registry,
    null::varchar as credential,
    null::varchar as secret,
    to_json(
        case
            when case_name = 'both' then list_concat(
                list_transform(
                    subjects,
                    lambda name: {
                        'kind': 'internal_package',
                        'text': concat(
                            name, ' is internal: workflows of every repository of the enterprise can download it.'
                        ),
                        'level': 'proven',
                        'request_id': request_id
                    }
                ),
                list_transform(
                    enabled_names,
                    lambda name: {
                        'kind': 'public_repository',
                        'text': concat(name, ' is public and Actions is enabled in it.'),
                        'level': case when proven_count = 0 then 'implied' else 'proven' end,
                        'request_id': null::varchar
                    }
                )
            )
            else []
        end
    ) as hops,
    case
        when case_name = 'both' then to_json({'packages': package_count, 'repositories': enabled_names})
    end as evidence
from decided
