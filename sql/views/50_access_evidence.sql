-- access_evidence: one row a piece of evidence that the workflows of a repository can, or cannot, use a package.
-- No API lists a package's "Manage Actions access", so access is rated, never a yes or no.
-- repository_id null: every repository that the visibility admits; evidence by visibility is one row a package.
create or replace view access_evidence as
with listed as (
    select *
    from packages
),

repository_names as (
    select
        org,
        repository_id,
        lower(repository) as repository_key
    from repositories
),

visibility as (
    select
        org,
        package_id,
        null::bigint as repository_id,
        'read' as role,
        'grants' as polarity,
        'proven' as level,
        concat(visibility, '_visibility') as kind,
        observed_at,
        'package list' as source,
        case visibility
            when 'public' then 'Workflows of every repository can download a public package.'
            else 'Workflows of every repository of the enterprise can download an internal package.'
        end as detail
    from listed
    where visibility in ('public', 'internal')
        and registry_kind = 'granular'
),

-- Where the registry has no permissions of its own, the repository's are the package's.
repository_scoped as (
    select
        org,
        package_id,
        repository_id,
        'write' as role,
        'grants' as polarity,
        'proven' as level,
        'repository_scoped' as kind,
        observed_at,
        'package list' as source,
        concat('The permissions of ', repository, ' are those of the package.') as detail
    from listed
    where registry_kind = 'repository_scoped'
        and connection = 'connected'
),

-- The documented default: a connected repository inherits access, unless an admin switched that off. A package that
-- was published before it was connected keeps the access it had, so there the connection is a mere sign.
connected as (
    select
        org,
        package_id,
        repository_id,
        'admin' as role,
        'grants' as polarity,
        case when connected_later then 'suggested' else 'implied' end as level,
        case when connected_later then 'connected_later' else 'connected_repository' end as kind,
        observed_at,
        'package connection' as source,
        case
            when connected_later then concat(
                repository, ' was connected to the package after it was published, which keeps the access that it had.'
            )
            else concat(repository, ' is connected to the package, which inherits its access by default.')
        end as detail
    from listed
    where registry_kind = 'granular'
        and connection = 'connected'
),

declarations as (
    select *
    from package_declarations
    where not expired
),

declared as (
    select
        declarations.org,
        declarations.package_id,
        repository_names.repository_id,
        case when declarations.role = 'none' then 'read' else declarations.role end as role,
        case when declarations.role = 'none' then 'denies' else 'grants' end as polarity,
        'declared' as level,
        case when declarations.role = 'none' then 'declared_none' else 'declared_grant' end as kind,
        declarations.declared_at::timestamp as observed_at,
        declarations.source,
        concat(
            declarations.declared_by, ' read on ', declarations.declared_at, ' that ', declarations.repository,
            case declarations.role when 'none' then ' has no access' else concat(
                ' has the role ', declarations.role
            ) end,
            '.'
        ) as detail
    from declarations
    join repository_names
        on declarations.org = repository_names.org
        and lower(declarations.repository) = repository_names.repository_key
    where declarations.repository <> ''
        and declarations.role is not null
),

-- "It does not inherit": the default is overruled for the connected repository.
not_inherited as (
    select
        declarations.org,
        declarations.package_id,
        listed.repository_id,
        'read' as role,
        'denies' as polarity,
        'declared' as level,
        'declared_not_inherited' as kind,
        max(declarations.declared_at)::timestamp as observed_at,
        max_by(declarations.source, (declarations.declared_at, declarations.source)) as source,
        concat(
            max_by(declarations.declared_by, (declarations.declared_at, declarations.source)), ' read on ',
            max(declarations.declared_at), ' that the package does not inherit access from ',
            min(listed.repository), '.'
        ) as detail
    from declarations
    join listed
        on declarations.org = listed.org
        and declarations.package_id = listed.package_id
    where declarations.inherits = false
        and listed.connection = 'connected'
    group by declarations.org, declarations.package_id, listed.repository_id
),

probes as (
    select
        org,
        package_id,
        repository_id,
        right_asked as role,
        case when granted then 'grants' else 'denies' end as polarity,
        'proven' as level,
        case when from_fork then 'probe_from_fork' else 'probe' end as kind,
        answered_at as observed_at,
        source,
        concat(
            'The GITHUB_TOKEN of ', case when from_fork then 'a fork''s pull request' else 'the repository' end,
            case when granted then ' could read it' else ' could not read it' end,
            ' on ', strftime(answered_at, '%Y-%m-%d'), '.'
        ) as detail
    from probe_answers
    where not expired
        -- That a fork was refused says nothing about the repository itself.
        and (granted or not from_fork)
),

-- Jobs that log in at the registry with another credential than GITHUB_TOKEN need no Actions access.
other_credentials as (
    select
        org,
        repository_id,
        path,
        job,
        registry
    from registry_logins
    group by org, repository_id, path, job, registry
    having bool_and(credential in ('pat', 'app_token', 'literal'))
),

referring as (
    select
        package_references.org,
        package_references.package_id,
        package_references.repository_id,
        case
            when package_references.operation in ('delete', 'restore') then 'admin'
            when package_references.operation = 'push' then 'write'
            else 'read'
        end as role,
        'grants' as polarity,
        'suggested' as level,
        'workflow_reference' as kind,
        max(package_references.observed_at) as observed_at,
        min(concat(repository, '/', package_references.path, ':', package_references.line)) as source,
        concat(
            'A workflow of ', min(package_references.repository), ' names the package to ',
            package_references.operation, ' it.'
        ) as detail
    from package_references
    left join other_credentials
        on package_references.org = other_credentials.org
        and package_references.repository_id = other_credentials.repository_id
        and package_references.path = other_credentials.path
        and package_references.job = other_credentials.job
        and package_references.registry = other_credentials.registry
    where package_references.package_id is not null
        and other_credentials.job is null
    group by
        package_references.org,
        package_references.package_id,
        package_references.repository_id,
        package_references.operation
),

-- A successful run of a workflow whose job names the package and logs in with GITHUB_TOKEN: an observed use, unless the
-- step has a condition.
token_jobs as (
    select distinct
        org,
        repository_id,
        path,
        job,
        registry
    from registry_logins
    where credential = 'github_token'
        and store = 'actions'
),

runs as (
    select workflow_run.*
    from workflow_run
    join current_run using (org)
    where workflow_run.valid_from_run <= current_run.run_id
        and (workflow_run.valid_to_run is null or current_run.run_id < workflow_run.valid_to_run)
),

running as (
    select
        package_references.org,
        package_references.package_id,
        package_references.repository_id,
        case
            when package_references.operation in ('delete', 'restore') then 'admin'
            when package_references.operation = 'push' then 'write'
            else 'read'
        end as role,
        'grants' as polarity,
        'implied' as level,
        'workflow_run' as kind,
        max(runs.created_at) as observed_at,
        max_by(
            concat('run ', runs.run_id, ' of ', package_references.repository, '/', runs.path),
            (runs.created_at, runs.run_id)
        ) as source,
        concat(
            'A workflow of ', min(package_references.repository), ' that names the package to ',
            package_references.operation, ' it with GITHUB_TOKEN ran successfully on ',
            strftime(max(runs.created_at), '%Y-%m-%d'), '.'
        ) as detail
    from package_references
    join runs
        on package_references.org = runs.org
        and package_references.repository_id = runs.repository_id
        and package_references.path = runs.path
    join token_jobs
        on package_references.org = token_jobs.org
        and package_references.repository_id = token_jobs.repository_id
        and package_references.path = token_jobs.path
        and package_references.job = token_jobs.job
        and package_references.registry = token_jobs.registry
    where package_references.package_id is not null
    group by
        package_references.org,
        package_references.package_id,
        package_references.repository_id,
        package_references.operation
),

-- Published by a workflow's own token. Whose workflow it was the log does not say for sure.
published as (
    select
        org,
        package_id,
        repository_id,
        'write' as role,
        'grants' as polarity,
        'implied' as level,
        'audit_publish' as kind,
        max(published_at) as observed_at,
        'audit log' as source,
        concat(
            'The audit log has a workflow publish the package on ', strftime(max(published_at), '%Y-%m-%d'),
            ', naming ', min(repository), '.'
        ) as detail
    from audit_publishes
    where by_workflow
        and repository_id is not null
    group by org, package_id, repository_id
),

-- Handed in by a workflow of the repository; nobody verified the signature, and what it says is the builder's word.
attesting as (
    select
        attestation.org,
        attestation.package_id,
        attestation.repository_id,
        'write' as role,
        'grants' as polarity,
        'suggested' as level,
        'attestation' as kind,
        max(attestation.observed_at) as observed_at,
        'attestation list' as source,
        concat(
            'An attestation of ', min(repositories.repository), ' is listed for the version ',
            substr(max(attestation.digest), 1, 19), '; its signature was not verified.'
        ) as detail
    from attestation
    join current_run using (org)
    join repositories
        on attestation.org = repositories.org
        and attestation.repository_id = repositories.repository_id
    where attestation.valid_from_run <= current_run.run_id
        and (attestation.valid_to_run is null or current_run.run_id < attestation.valid_to_run)
    group by attestation.org, attestation.package_id, attestation.repository_id
)

select * from visibility
union all by name
select * from repository_scoped
union all by name
select * from connected
union all by name
select * from declared
union all by name
select * from not_inherited
union all by name
select * from probes
union all by name
select * from referring
union all by name
select * from running
union all by name
select * from published
union all by name
select * from attesting;
