-- id: PKG016
-- name: package-reached-by-pat
-- title: Private package reached by a PAT-using workflow
-- severity: high
-- subject: package
-- population: Every private and internal package of the organization.
-- description: A workflow job logs in to a registry with a stored long-lived credential and pulls, pushes or deletes
--   this package there.
-- why: The package is then open to whoever can read that secret, in every repository that it reaches, and to the
--   person whose token it is, whatever the package's own access list says.
-- fails_when: A job with a PAT login at a registry names this package there. High for push and delete, medium for
--   pull.
-- passes_when: No job with a PAT login at the package's registry names it, and all that such jobs name could be
--   resolved.
-- unknown_when: A job with a PAT login at the same registry names packages that the text does not resolve; or
--   workflow files could not be read.
-- not_applicable_when: Never.
-- remediation: Grant the repository access under "Manage Actions access", switch the login to GITHUB_TOKEN (PKG002),
--   then narrow the secret or delete it (PKG009).
-- references: Publishing and installing a package with GitHub Actions; Configuring a package's access control and
--   visibility
-- version: 1

with pat_jobs as (
    select
        org,
        repository_id,
        path,
        job,
        registry,
        min(credential_name) as credential_name,
        min(line) as line
    from registry_logins
    where credential = 'pat'
        and not stale
    group by org, repository_id, path, job, registry
),

-- What such a job names at the registry it logs in to; the packages API serves all of them.
named as (
    select
        package_references.*,
        pat_jobs.credential_name,
        pat_jobs.line as login_line
    from package_references
    join pat_jobs
        on package_references.org = pat_jobs.org
        and package_references.repository_id = pat_jobs.repository_id
        and package_references.path = pat_jobs.path
        and package_references.job = pat_jobs.job
        and pat_jobs.registry in (package_references.registry, 'api')
    qualify row_number() over (
        partition by
            package_references.org, package_references.repository_id, package_references.path, package_references.job,
            package_references.kind, package_references.registry, package_references.host, package_references.namespace,
            package_references.name, package_references.operation, package_references.ordinal
        order by pat_jobs.registry = 'api', pat_jobs.credential_name
    ) = 1
),

serving as (
    select
        org,
        package_id,
        count(distinct concat(repository_id, '/', path)) as workflow_count,
        bool_or(operation in ('push', 'delete', 'restore')) as writes,
        min_by(repository, (operation = 'pull', repository, path, line)) as repository,
        min_by(path, (operation = 'pull', repository, path, line)) as path,
        min_by(line, (operation = 'pull', repository, path, line)) as line,
        min_by(operation, (operation = 'pull', repository, path, line)) as operation,
        min_by(credential_name, (operation = 'pull', repository, path, line)) as credential_name,
        list(distinct credential_name order by credential_name) as secrets,
        list(
            {
                'kind': 'use',
                'text': concat(
                    repository, '/', path, coalesce(concat(':', line), ''), ', job ', job, ', names it to ', operation,
                    ' it, logged in with the stored secret ', credential_name, '.'
                ),
                'level': 'proven',
                'request_id': null::varchar
            }
            order by repository, path, job, line, operation, credential_name
        ) as hops
    from named
    where package_id is not null
    group by org, package_id
),

unresolved as (
    select
        org,
        case registry when 'docker' then 'container' else registry end as registry,
        count(*) as reference_count,
        min(concat(repository, '/', path)) as workflow
    from named
    where not resolved
    group by org, case registry when 'docker' then 'container' else registry end
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

facts as (
    select
        packages.org,
        packages.subject,
        packages.package_type,
        packages.visibility,
        packages.repository as own_repository,
        serving.* exclude (org, package_id),
        unresolved.reference_count,
        unresolved.workflow as unresolved_workflow,
        coalesce(unread_trees.reason_code, unread_files.reason_code) as unread_reason,
        case
            when packages.stale then 'stale'
            when serving.package_id is not null then 'served'
            when unresolved.reference_count > 0 then 'unresolved'
            when coalesce(unread_trees.reason_code, unread_files.reason_code) is not null then 'unread'
            else 'not_served'
        end as case_name
    from packages
    left join serving using (org, package_id)
    left join unresolved
        on packages.org = unresolved.org
        and unresolved.registry
        = case packages.package_type when 'docker' then 'container' else packages.package_type end
    left join unread_trees on packages.org = unread_trees.org
    left join unread_files on packages.org = unread_files.org
    where packages.visibility <> 'public'
)

select
    org,
    subject,
    case case_name when 'served' then 'fail' when 'not_served' then 'pass' else 'unknown' end as verdict,
    case case_name
        when 'stale' then 'stale'
        when 'unresolved' then 'unresolved_expression'
        when 'unread' then unread_reason
    end as reason_code,
    case
        when case_name <> 'served' then null
        when writes then 'high'
        else 'medium'
    end as severity,
    case when case_name in ('served', 'not_served') then 'proven' end as evidence_level,
    case case_name
        when 'stale' then concat(subject, ' was not listed again for longer than facts may age.')
        when 'served' then concat(
            upper(visibility[1]), visibility[2:], ' package ', subject, ' is named by ', repository, '/', path,
            ' to ', operation,
            ' it, logged in with the stored secret ', credential_name,
            case
                when workflow_count > 1 then concat(', and by ', workflow_count - 1, ' more workflows with a PAT')
                else ''
            end,
            '.'
        )
        when 'unresolved' then concat(
            'Whether a PAT serves ', subject, ' can''t be told: ', unresolved_workflow,
            ' names a package at its registry',
            ' that the text does not resolve.'
        )
        when 'unread' then concat(
            'Whether a PAT serves ', subject, ' is not known, because not every workflow file could be read (',
            unread_reason,
            ').'
        )
        else concat('No workflow that was examined names ', subject, ' where it logs in with a PAT.')
    end as reason,
    coalesce(repository, own_repository) as repository,
    subject as package,
    path,
    line,
    package_type as registry,
    case when case_name = 'served' then 'pat' end as credential,
    credential_name as secret,
    to_json(coalesce(hops, [])) as hops,
    case when case_name = 'served' then to_json({
        'secrets': secrets,
        'writes': writes,
        'visibility': visibility
    }) end as evidence
from facts
