-- id: PKG009
-- name: registry-secret-reach
-- title: Registry secret open to more repositories than need it
-- severity: high
-- subject: secret
-- population: Every stored secret that some workflow uses as a credential at a GitHub Packages registry, and each
--   name whose place could not be read.
-- description: A stored secret that logs in to a GitHub Packages registry, with every repository that can read it and
--   every place that uses it.
-- why: Whoever can change a workflow of a repository that a secret reaches can print it. Each repository that does
--   not need it, and every public one, adds people who can.
-- fails_when: It is an organization's secret that public repositories can read (high), or that more repositories can
--   read than use it (medium).
-- passes_when: Only repositories that use it can read it.
-- unknown_when: Where the secret is kept, or which repositories it is selected for, could not be read.
-- not_applicable_when: Never.
-- remediation: Replace its uses with GITHUB_TOKEN (PKG002), every place that is listed here first. Until then, set
--   the secret to selected repositories, those that use it. Then delete it and revoke the token. Only the files that
--   were examined were seen - other branches, other organizations and people's machines were not.
-- references: Using secrets in GitHub Actions; REST API endpoints for GitHub Actions Secrets
-- version: 1

with uses as (
    select *
    from secret_uses
),

used as (
    select
        org,
        subject,
        min(store) as store,
        min(scope) as scope,
        min(name) as name,
        min(repository) as first_repository,
        list(
            {
                'kind': 'use',
                'text': concat(
                    repository, '/', path, coalesce(concat(':', line), ''), ' uses it at ', registry_phrase,
                    case when operation <> 'unknown' then concat(' to ', operation) else '' end,
                    '.'
                ),
                'level': 'proven',
                'request_id': null::varchar
            }
            order by repository, path, line, login
        ) as hops
    from uses
    group by org, subject
),

-- Names that logins use and that were found nowhere, although not everything could be looked through.
named as (
    select
        registry_logins.org,
        registry_logins.subject as login,
        registry_logins.store,
        registry_logins.repository_id,
        registry_logins.repository,
        upper(registry_logins.credential_name) as name
    from registry_logins
    where registry_logins.credential = 'pat'
        and registry_logins.credential_name <> ''
),

unlocated as (
    select
        named.org,
        named.store,
        named.name,
        count(distinct named.login) as login_count,
        count(distinct named.repository_id) as repository_count,
        min(named.repository) as first_repository,
        min(coalesce(secret_metadata.reason_code, 'not_collected')) as reason_code
    from named
    left join secret_metadata using (org, repository_id, store)
    anti join uses
        on named.org = uses.org
        and named.login = uses.login
    where not coalesce(secret_metadata.complete, false)
    group by named.org, named.store, named.name
),

located as (
    select
        used.*,
        secrets.visibility,
        secret_exposure.reach_count,
        secret_exposure.public_count,
        secret_exposure.use_count,
        secret_exposure.login_count,
        secret_exposure.reason_code as doubt
    from used
    join secrets using (org, subject)
    join secret_exposure using (org, subject)
),

decided as (
    select
        *,
        case
            when scope <> 'organization' then 'pass'
            when public_count > 0 then 'fail'
            when reach_count > use_count then 'fail'
            when doubt is not null then 'unknown'
            else 'pass'
        end as verdict,
        concat(
            use_count, ' repositor', case when use_count = 1 then 'y names' else 'ies name' end, ' it and ',
            login_count, ' registry login', case when login_count = 1 then ' uses' else 's use' end, ' it'
        ) as use_text
    from located
),

judged as (
    select
        org,
        subject,
        verdict,
        case when verdict = 'unknown' then doubt end as reason_code,
        case
            when verdict <> 'fail' then null
            when public_count > 0 then 'high'
            else 'medium'
        end as severity,
        case when verdict <> 'unknown' then 'proven' end as evidence_level,
        case
            when scope <> 'organization' then concat(
                'The secret ', subject, ' is read by its own repository only, which uses it at ', login_count, ' place',
                case when login_count = 1 then '' else 's' end, '.'
            )
            when verdict = 'unknown' then concat(
                'Which repositories can read the secret ', subject, ' could not be read whole (', doubt, '); ',
                use_text, '.'
            )
            else concat(
                'The secret ', subject, ' (', visibility, ') can be read by ', reach_count, ' repositor',
                case when reach_count = 1 then 'y' else 'ies' end, ', ', public_count,
                ' of them public; ', use_text, '.'
            )
        end as reason,
        first_repository as repository,
        null::varchar as package,
        null::varchar as path,
        null::integer as line,
        null::varchar as registry,
        'pat' as credential,
        name as secret,
        to_json(hops) as hops,
        case
            when verdict = 'fail'
                then to_json({'visibility': visibility, 'public': public_count > 0, 'reach': reach_count})
        end as evidence
    from decided
),

unplaced as (
    select
        org,
        concat(case store when 'dependabot' then 'dependabot-' else '' end, 'unknown/', name) as subject,
        'unknown' as verdict,
        reason_code,
        null::varchar as severity,
        null::varchar as evidence_level,
        concat(
            'Where the secret ', name, ' is kept could not be read (', reason_code, '); ', repository_count,
            ' repositor',
            case when repository_count = 1 then 'y' else 'ies' end, ' use it at ', login_count, ' place',
            case when login_count = 1 then '' else 's' end, '.'
        ) as reason,
        first_repository as repository,
        null::varchar as package,
        null::varchar as path,
        null::integer as line,
        null::varchar as registry,
        'pat' as credential,
        name as secret,
        '[]'::json as hops,
        null::json as evidence
    from unlocated
)

select * from judged
union all
select * from unplaced
