-- id: PKG010
-- name: fork-settings-private-repositories
-- title: Private repository's forks run with write tokens or secrets
-- severity: high
-- subject: repository
-- population: Every private and internal repository of the organization.
-- description: A private or internal repository in which the pull requests of forks run workflows with a token that
--   can write, or with the repository's secrets.
-- why: Whoever may read the repository may fork it, change a workflow in the fork and open a pull request. The run
--   then has what the repository's own runs have - also the right to push its packages and the secrets that log in to
--   registries.
-- fails_when: Workflows of fork pull requests are run, and they are sent write tokens or secrets.
-- passes_when: They are not run, or are sent neither; or Actions is disabled, or the repository is archived.
-- unknown_when: Neither the repository's setting nor the organization's default could be read.
-- not_applicable_when: Never.
-- remediation: In the repository's or the organization's Actions settings, under "Fork pull request workflows", turn
--   off sending write tokens and sending secrets, and require approval for what is still run.
-- references: Managing GitHub Actions settings for a repository; Disabling or limiting GitHub Actions for your
--   organization
-- version: 1

with own_settings as (
    select
        org,
        try_cast(subject as bigint) as repository_id,
        reason_code,
        request_id
    from coverage_now
    where family = 'repo_fork_private'
),

organization_settings as (
    select
        org,
        reason_code,
        request_id
    from coverage_now
    where family = 'org_fork_private'
),

decided as (
    select
        repositories.*,
        coalesce(own_settings.reason_code, organization_settings.reason_code, 'not_collected') as doubt,
        case fork_settings_source
            when 'repository' then own_settings.request_id
            else organization_settings.request_id
        end as settings_request_id,
        case
            when repositories.stale then 'stale'
            when repositories.archived then 'archived'
            when not repositories.actions_enabled then 'actions_disabled'
            when repositories.fork_run_workflows is null then 'unread'
            when not repositories.fork_run_workflows then 'not_run'
            when repositories.fork_send_write_tokens or repositories.fork_send_secrets then 'sent'
            when repositories.fork_send_write_tokens is null or repositories.fork_send_secrets is null then 'unread'
            else 'not_sent'
        end as case_name,
        case
            when repositories.fork_send_write_tokens and repositories.fork_send_secrets then 'write tokens and secrets'
            when repositories.fork_send_write_tokens then 'write tokens'
            else 'secrets'
        end as what,
        case repositories.fork_settings_source
            when 'organization' then ' by the organization''s default'
            else ''
        end as by_whom
    from repositories
    left join own_settings using (org, repository_id)
    left join organization_settings using (org)
    where repositories.visibility <> 'public'
)

select
    org,
    repository as subject,
    case
        when case_name = 'sent' then 'fail'
        when case_name in ('stale', 'unread') then 'unknown'
        else 'pass'
    end as verdict,
    case case_name when 'stale' then 'stale' when 'unread' then doubt end as reason_code,
    case when case_name = 'sent' then 'high' end as severity,
    case
        when case_name in ('stale', 'unread') then null
        -- A repository may have set otherwise than the default says; only "not run" can't be undone there.
        when case_name in ('sent', 'not_sent') and fork_settings_source = 'organization' then 'implied'
        else 'proven'
    end as evidence_level,
    case case_name
        when 'stale' then concat(repository, ' was not listed again for longer than facts may age.')
        when 'archived' then concat(repository, ' is archived, so no pull request runs workflows there.')
        when 'actions_disabled' then concat('Actions is disabled in ', repository, '.')
        when 'unread' then concat(
            'Whether pull requests from forks of ', repository, ' run with write tokens or secrets could not be read (',
            doubt, ').'
        )
        when 'not_run' then concat('Pull requests from forks of ', repository, ' run no workflows', by_whom, '.')
        when 'not_sent' then concat(
            'Pull requests from forks of ', repository, ' run workflows', by_whom,
            ' without write tokens and without secrets.'
        )
        else concat(
            'Pull requests from forks of the ', visibility, ' repository ', repository, ' run', by_whom, ' with ',
            what, '.'
        )
    end as reason,
    repository,
    null::varchar as package,
    null::varchar as path,
    null::integer as line,
    null::varchar as registry,
    null::varchar as credential,
    null::varchar as secret,
    to_json(
        case
            when case_name = 'sent' then [
                {
                    'kind': 'fork_settings',
                    'text': concat(
                        'The setting of the ', fork_settings_source,
                        ' runs workflows of fork pull requests and sends them ', what,
                        case when fork_require_approval then ', after approval' else '' end, '.'
                    ),
                    'level': case fork_settings_source when 'repository' then 'proven' else 'implied' end,
                    'request_id': settings_request_id
                }
            ]
            else []
        end
    ) as hops,
    case
        when case_name = 'sent'
            then to_json({
                'write_tokens': fork_send_write_tokens,
                'secrets': fork_send_secrets,
                'approval': fork_require_approval
            })
    end as evidence
from decided
