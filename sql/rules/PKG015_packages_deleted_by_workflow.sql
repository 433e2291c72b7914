-- id: PKG015
-- name: packages-deleted-by-workflow
-- title: Workflow that deletes or restores packages
-- severity: medium
-- subject: workflow
-- population: Every workflow that logs in to a GitHub Packages registry, calls the packages API or names a package;
--   and each workflow that could not be read.
-- description: A workflow deletes or restores package versions through the REST API, or with an action that does.
-- why: Deleting needs admin on the package. Whoever can change that workflow, or the action it uses, can remove
--   released versions, or restore one that was removed for a reason.
-- fails_when: It deletes or restores packages. Medium with a PAT, whose reach is that of a person; low with
--   GITHUB_TOKEN, which needs admin on that package.
-- passes_when: What it does with packages is to pull or push.
-- unknown_when: The file could not be read or parsed, or what it does at the API can't be told.
-- not_applicable_when: Never.
-- remediation: Use GITHUB_TOKEN with admin on the one package, in a job of its own with "packages: write" and nothing
--   else, in a workflow that only trusted people start, with an action pinned to a commit.
-- references: Deleting and restoring a package; REST API endpoints for packages
-- version: 1

with deletions as (
    select
        org,
        repository_id,
        path,
        line,
        job,
        credential,
        credential_name,
        operation
    from registry_logins
    where operation in ('delete', 'restore')
    union all
    -- The package that is deleted may be named where another step logs in.
    select
        package_references.org,
        package_references.repository_id,
        package_references.path,
        package_references.line,
        package_references.job,
        coalesce(registry_logins.credential, 'unknown') as credential,
        coalesce(registry_logins.credential_name, '') as credential_name,
        package_references.operation
    from package_references
    left join registry_logins
        on package_references.org = registry_logins.org
        and package_references.repository_id = registry_logins.repository_id
        and package_references.path = registry_logins.path
        and package_references.job = registry_logins.job
        and registry_logins.registry in (package_references.registry, 'api')
    where package_references.operation in ('delete', 'restore')
),

worst as (
    select
        org,
        repository_id,
        path,
        bool_or(credential in ('pat', 'literal')) as with_pat,
        min_by(line, (credential not in ('pat', 'literal'), line, job)) as line,
        string_agg(distinct operation, ' and ' order by operation) as operations,
        min_by(job, (credential not in ('pat', 'literal'), line, job)) as job,
        min_by(credential, (credential not in ('pat', 'literal'), line, job)) as credential,
        min_by(credential_name, (credential not in ('pat', 'literal'), line, job)) as credential_name
    from deletions
    group by org, repository_id, path
),

places as (
    select
        org,
        repository_id,
        repository,
        path,
        stale,
        registry = 'api' and operation = 'unknown' as api_untold
    from registry_logins
    where store = 'actions'
    union all
    select
        org,
        repository_id,
        repository,
        path,
        false as stale,
        false as api_untold
    from package_references
),

touching as (
    select
        org,
        repository_id,
        repository,
        path,
        bool_or(stale) as stale,
        bool_or(api_untold) as api_untold
    from places
    group by org, repository_id, repository, path
),

unread as (
    select
        org,
        repository_id,
        repository,
        path,
        error_line,
        case
            when status = 'parse_error' then 'parse_error'
            when status = 'skipped' then 'truncated'
            else 'timeout'
        end as reason_code
    from workflow_files
    where kind = 'workflow'
        and repository is not null
        and (status in ('failed', 'parse_error') or (status = 'skipped' and reason = 'too_large'))
),

facts as (
    select
        coalesce(touching.org, unread.org) as org,
        coalesce(touching.repository, unread.repository) as repository,
        coalesce(touching.path, unread.path) as path,
        touching.api_untold,
        coalesce(worst.line, unread.error_line) as line,
        worst.operations,
        worst.with_pat,
        worst.job,
        worst.credential,
        worst.credential_name,
        case
            when touching.stale then 'stale'
            when worst.path is not null then 'deletes'
            when unread.path is not null then 'unread'
            when touching.api_untold then 'untold'
            else 'neither'
        end as case_name,
        unread.reason_code as unread_reason
    from touching
    full join unread using (org, repository_id, path)
    left join worst
        on touching.org = worst.org
        and touching.repository_id = worst.repository_id
        and touching.path = worst.path
)

select
    org,
    concat(repository, '/', path) as subject,
    case case_name when 'deletes' then 'fail' when 'neither' then 'pass' else 'unknown' end as verdict,
    case case_name
        when 'stale' then 'stale'
        when 'unread' then unread_reason
        when 'untold' then 'unresolved_expression'
    end as reason_code,
    case
        when case_name <> 'deletes' then null
        when with_pat then 'medium'
        else 'low'
    end as severity,
    case when case_name in ('deletes', 'neither') then 'proven' end as evidence_level,
    case case_name
        when 'stale' then concat(repository, '/', path, ' was not read again for longer than facts may age.')
        when 'unread' then concat(
            'What ', repository, '/', path, ' does with packages is not known: the file could not be ',
            case unread_reason when 'parse_error' then 'parsed' else 'read' end, '.'
        )
        when 'untold' then concat(
            'What ', repository, '/', path, ' does at the packages API can''t be told from its text.'
        )
        when 'neither' then concat(repository, '/', path, ' neither deletes nor restores packages.')
        else concat(
            repository, '/', path, ', job ', job, ', ',
            case operations when 'delete' then 'deletes' when 'restore' then 'restores' else 'deletes and restores' end,
            ' packages with ',
            case credential
                when 'pat' then concat('the stored secret ', credential_name)
                when 'github_token' then 'GITHUB_TOKEN'
                when 'app_token' then 'a GitHub App''s token'
                when 'literal' then 'a literal credential'
                else 'a credential that the text does not tell'
            end,
            '.'
        )
    end as reason,
    repository,
    null::varchar as package,
    path,
    line,
    null::varchar as registry,
    credential,
    case when credential = 'pat' then credential_name end as secret,
    '[]'::json as hops,
    case
        when case_name = 'deletes'
            then to_json({'operations': operations, 'credential': credential, 'secret': credential_name})
    end as evidence
from facts
