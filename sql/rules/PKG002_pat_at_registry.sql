-- id: PKG002
-- name: pat-at-registry
-- title: Long-lived user credential at a GitHub Packages registry
-- severity: high
-- subject: registry login
-- population: Every login to a GitHub Packages registry in workflows, in the reusable workflows and composite actions
--   they call, and in dependabot.yml; and each such file that could not be read.
-- description: A workflow logs in to a GitHub Packages registry with a stored secret instead of GITHUB_TOKEN. GitHub
--   documents that only a personal access token (classic) works there, so the secret is one, or an OAuth token.
-- why: The token acts as a person, in every repository and for every package that the person can reach, and lives
--   until someone revokes it. Whoever reads it once, in one job, has all of that. GITHUB_TOKEN is made for the job,
--   ends with it and reaches only what the repository was granted.
-- fails_when: The credential is a stored secret other than GITHUB_TOKEN, in any branch of its expression. High where
--   the workflow pushes or deletes, the repository is public, or the secret is open to the whole organization; medium
--   elsewhere; low for a private package of another repository in a repository-scoped registry, which GITHUB_TOKEN
--   can't reach.
-- passes_when: The credential is GITHUB_TOKEN, OIDC or an App token; or the expression falls back to another branch
--   and the secret exists nowhere.
-- unknown_when: The expression can't be resolved, the called text is outside the organization, nobody calls it, or
--   the file could not be read or parsed.
-- not_applicable_when: The credential is a literal in the text, which PKG013 judges.
-- remediation: For container, npm, NuGet and RubyGems, add the repository under "Manage Actions access" in the
--   package's settings with the least role the workflow needs, use GITHUB_TOKEN as the password and give the job
--   "packages: read" or "packages: write". In dependabot.yml, grant the repository read access and delete the
--   registry's credentials. For Maven and Gradle, GITHUB_TOKEN reaches the workflow's own repository. Revoke the
--   token when PKG009 shows no further use. Do not grant a public repository access to a private package (PKG001).
-- references: Publishing and installing a package with GitHub Actions; About permissions for GitHub Packages;
--   Configuring access to private registries for Dependabot; Upgrading a workflow that accesses a registry using a
--   personal access token
-- version: 1

with logins as (
    select *
    from registry_logins
),

editions as (
    select
        current_run.org,
        registry_kinds.package_type as registry,
        registry_kinds.kind
    from current_run
    join registry_kinds using (edition)
),

-- Every secret that any branch of the expression names.
named as (
    select
        org,
        subject,
        unnest(list_distinct(list_append(
            regexp_extract_all(upper(coalesce(expression, '')), 'SECRETS\.([A-Z_][A-Z0-9_]*)', 1),
            upper(credential_name)
        ))) as name
    from logins
    where credential = 'pat'
),

-- Where those secrets are kept, as far as this repository can read them.
kept as (
    select
        org,
        login as subject,
        count(*) as place_count,
        bool_or(scope = 'organization' and visibility in ('all', 'private')) as organization_wide
    from secret_uses
    group by org, login
),

-- Private packages of other repositories that the same job names at the same registry.
foreign_packages as (
    select
        package_references.org,
        package_references.repository_id,
        package_references.path,
        package_references.job,
        package_references.registry,
        min(packages.subject) as package,
        min_by(packages.repository, packages.subject) as owner_repository
    from package_references
    join packages
        on package_references.org = packages.org
        and package_references.package_id = packages.package_id
    where packages.visibility <> 'public'
        and packages.repository_id is not null
        and packages.repository_id <> package_references.repository_id
    group by
        package_references.org,
        package_references.repository_id,
        package_references.path,
        package_references.job,
        package_references.registry
),

names as (
    select
        org,
        subject,
        string_agg(name, ', ' order by name) as text
    from named
    where name <> 'GITHUB_TOKEN'
    group by org, subject
),

facts as (
    select
        logins.*,
        names.text as secret_names,
        coalesce(kept.place_count, 0) as place_count,
        coalesce(kept.organization_wide, false) as organization_wide,
        coalesce(secret_metadata.complete, false) as secrets_known,
        foreign_packages.package as foreign_package,
        foreign_packages.owner_repository,
        coalesce(editions.kind, 'granular') as registry_kind,
        case logins.operation
            when 'push' then ' to push'
            when 'pull' then ' to pull'
            when 'delete' then ' to delete'
            when 'restore' then ' to restore'
            else ''
        end as purpose
    from logins
    left join names using (org, subject)
    left join kept using (org, subject)
    left join secret_metadata using (org, repository_id, store)
    left join foreign_packages using (org, repository_id, path, job, registry)
    left join editions using (org, registry)
),

decided as (
    select
        *,
        case
            when stale then 'stale'
            -- A host that the text does not tell may be GitHub's: a question, whatever the credential.
            when registry = '' then 'no_host'
            when credential = 'literal' then 'literal'
            when credential = 'unknown' then 'unknown'
            when credential <> 'pat' then credential
            when fallback and secrets_known and place_count = 0 then 'no_such_secret'
            when registry_kind = 'repository_scoped' and foreign_package is not null then 'foreign_package'
            else 'pat'
        end as case_name
    from facts
),

judged as (
    select
        org,
        subject,
        case
            when case_name in ('pat', 'foreign_package') then 'fail'
            when case_name in ('stale', 'no_host', 'unknown') then 'unknown'
            when case_name = 'literal' then 'not_applicable'
            else 'pass'
        end as verdict,
        case
            when case_name = 'stale' then 'stale'
            when case_name in ('no_host', 'unknown') then coalesce(reason_code, 'unresolved_expression')
        end as reason_code,
        case
            when case_name = 'foreign_package' then 'low'
            when case_name <> 'pat' then null
            when operation in ('push', 'delete', 'restore') or repository_visibility = 'public' or organization_wide
                then 'high'
            else 'medium'
        end as severity,
        case
            when case_name in ('stale', 'no_host', 'unknown', 'literal') then null
            -- Which branch of a fallback is used depends on whether the secret exists.
            when case_name in ('pat', 'foreign_package') and fallback and place_count = 0 then 'implied'
            else 'proven'
        end as evidence_level,
        case case_name
            when 'pat' then concat(
                place, ', logs in to ', registry_phrase, purpose, ' with the stored secret ', secret_names,
                case
                    when fallback and place_count = 0
                        then ', which it prefers if it exists: whether it does could not be read'
                    else ', a long-lived user credential (documented: personal access token, classic)'
                end,
                '.'
            )
            when 'foreign_package' then concat(
                place, ', logs in to ', registry_phrase, purpose, ' with the stored secret ', secret_names,
                ' for ', foreign_package, ', a package of ', owner_repository,
                ' that GITHUB_TOKEN can''t reach in a repository-scoped registry.'
            )
            when 'no_such_secret' then concat(
                place, ', names the secret ', secret_names, ' at ', registry_phrase,
                ', but no such secret exists where it could be read, so the fallback is used.'
            )
            when 'app_token' then concat(
                place, ', logs in to ', registry_phrase,
                ' with a GitHub App''s token, which GitHub documents as unsupported there.'
            )
            when 'oidc' then concat(place, ', logs in to ', registry_phrase, ' with an OIDC token.')
            when 'github_token' then concat(place, ', logs in to ', registry_phrase, ' with GITHUB_TOKEN.')
            when 'literal' then concat(
                place, ', logs in to ', registry_phrase, ' with a literal credential, which PKG013 judges.'
            )
            when 'stale' then concat(place, ', was not read again for longer than facts may age.')
            when 'no_host' then concat(
                'Whether ', place,
                ', logs in to a GitHub Packages registry is not known: the text does not tell its host.'
            )
            else concat(
                'The credential with which ', place, ', logs in to ', registry_phrase, ' is not known',
                coalesce(concat(': ', rtrim(reason, '.')), ''), '.'
            )
        end as reason,
        repository,
        null::varchar as package,
        path,
        line,
        nullif(registry, '') as registry,
        credential,
        case when credential = 'pat' then credential_name end as secret,
        coalesce(hops, '[]'::json) as hops,
        case
            when case_name in ('pat', 'foreign_package') then to_json({
                'secrets': secret_names,
                'registry': registry,
                'operation': operation,
                'repository_visibility': repository_visibility,
                'organization_wide': organization_wide
            })
        end as evidence
    from decided
),

-- A file that could not be read may hold any login: it is a question, not a silence.
unread as (
    select
        org,
        concat(repository, '/', path) as subject,
        'unknown' as verdict,
        case
            when status = 'parse_error' then 'parse_error'
            when stale then 'stale'
            when reason in (
                'forbidden_403', 'not_found_404', 'sso_not_authorized', 'policy_forbids_token', 'ip_not_allowed',
                'rate_limited', 'timeout', 'truncated', 'not_collected'
            ) then reason
            when status = 'skipped' then 'truncated'
            else 'timeout'
        end as reason_code,
        null::varchar as severity,
        null::varchar as evidence_level,
        concat(
            'The registry logins of ', repository, '/', path, ' are not known: the file could not be ',
            case when status = 'parse_error' then 'parsed' else 'read' end,
            coalesce(concat(' (', rtrim(reason, '.'), ')'), ''),
            coalesce(concat(', line ', error_line), ''), '.'
        ) as reason,
        repository,
        null::varchar as package,
        path,
        error_line as line,
        null::varchar as registry,
        null::varchar as credential,
        null::varchar as secret,
        '[]'::json as hops,
        null::json as evidence
    from workflow_files
    where kind in ('workflow', 'action', 'dependabot')
        and repository is not null
        -- Symbolic links and submodules are not run; only a file that was too large hides something.
        and (status in ('failed', 'parse_error') or (status = 'skipped' and reason = 'too_large'))
)

select * from judged
union all
select * from unread
