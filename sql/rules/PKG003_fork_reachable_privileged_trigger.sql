-- id: PKG003
-- name: fork-reachable-privileged-trigger
-- title: Workflow with package rights or secrets that strangers can start
-- severity: high
-- subject: workflow
-- population: Every workflow that logs in to a GitHub Packages registry, names a package, or holds a packages
--   permission beyond the default; and each workflow that could not be read.
-- description: A workflow that runs on pull_request_target, workflow_run, issue_comment or a like event of a public
--   repository, with a secret or with more than "packages: read" in reach.
-- why: Such a run has the repository's own token and secrets, but a stranger starts it and decides what it works on.
--   If it also checks out the stranger's code, or puts his text into a script, he has what the run has.
-- fails_when: It runs on such an event in a public repository with a secret or more than packages read. Critical
--   where it checks out or runs the pull request's head or puts an outsider's text into a script, high elsewhere, low
--   where an active policy blocks the event.
-- passes_when: It runs on no such event, or has neither secrets nor more than packages read there; or no outsider can
--   start it, because the repository is not public, is archived, or has Actions disabled.
-- unknown_when: The file could not be read or parsed.
-- not_applicable_when: Never.
-- remediation: Use pull_request for what looks at strangers' code. Keep pull_request_target, workflow_run and
--   issue_comment for jobs that neither check out nor run it, with "permissions" cut to what they need and no
--   secrets; pass text through env, never into a script by expression. Block the event with an Actions policy where
--   nothing needs it.
-- references: Securely using pull_request_target; Events that trigger workflows; Secure use reference; Workflow
--   execution protections
-- version: 1

with touching as (
    select distinct
        org,
        repository_id,
        path
    from registry_logins
    where store = 'actions'
    union
    select distinct
        org,
        repository_id,
        path
    from package_references
    union
    -- "packages: read" is in every token by default, so only what a block names or what can write counts.
    select distinct
        org,
        repository_id,
        path
    from workflow_jobs
    where packages_permission = 'write'
        or (permissions_declared_at is not null and packages_permission = 'read')
),

job_rights as (
    select
        org,
        repository_id,
        path,
        bool_or(coalesce(packages_permission = 'write', false)) as can_write,
        bool_or(inherits_secrets) as inherits_secrets,
        bool_or(has_condition) as has_condition,
        bool_or(stale) as stale
    from workflow_jobs
    group by org, repository_id, path
),

named_secrets as (
    select
        org,
        repository_id,
        path,
        min(name) as first_secret,
        count(distinct name) as secret_count
    from workflow_secrets
    group by org, repository_id, path
),

-- Whether an active policy lets each event through: the repository's own list, else the organization's.
blocked_events as (
    select
        workflow_triggers.org,
        workflow_triggers.repository_id,
        workflow_triggers.path,
        workflow_triggers.event,
        coalesce(bool_or(not list_contains(event_policies.allowed_events, workflow_triggers.event)), false)
            as is_blocked
    from workflow_triggers
    left join event_policies
        on workflow_triggers.org = event_policies.org
        and event_policies.repository_id in (0, workflow_triggers.repository_id)
    where workflow_triggers.is_privileged
    group by workflow_triggers.org, workflow_triggers.repository_id, workflow_triggers.path, workflow_triggers.event
),

privileged as (
    select
        org,
        repository_id,
        path,
        bool_and(is_blocked) as all_blocked,
        -- The first event that gets through speaks for all.
        min_by(event, (is_blocked, line, event)) as event,
        min_by(line, (is_blocked, line, event)) as line,
        list(distinct event order by event) as events
    from workflow_triggers
    join blocked_events using (org, repository_id, path, event)
    where is_privileged
    group by org, repository_id, path
),

policies_read as (
    select
        repositories.org,
        repositories.repository_id,
        bool_or(coalesce(coverage_now.readable, false)) as readable
    from repositories
    left join coverage_now
        on repositories.org = coverage_now.org
        and (
            (family = 'repo_actions_policies' and subject = repositories.repository_id::varchar)
            or (family = 'org_actions_policies' and subject = '')
        )
    where repositories.visibility = 'public'
    group by repositories.org, repositories.repository_id
),

taken as (
    select
        org,
        repository_id,
        path,
        bool_or(kind in ('checkout_head', 'script_text')) as runs_it,
        min_by(kind, (kind = 'artifact', line, kind)) as kind,
        min_by(line, (kind = 'artifact', line, kind)) as line,
        min_by(text, (kind = 'artifact', line, kind)) as text
    from outsider_code
    group by org, repository_id, path
),

unread as (
    select
        org,
        repository_id,
        path,
        error_line,
        case
            when status = 'parse_error' then 'parse_error'
            when status = 'skipped' then 'truncated'
            else 'timeout'
        end as reason_code
    from workflow_files
    where kind = 'workflow'
        and (status in ('failed', 'parse_error') or (status = 'skipped' and reason = 'too_large'))
),

population as (
    select
        org,
        repository_id,
        path
    from touching
    union
    select
        org,
        repository_id,
        path
    from unread
),

facts as (
    select
        population.org,
        population.path,
        repositories.repository,
        repositories.visibility,
        privileged.event,
        privileged.events,
        privileged.all_blocked,
        named_secrets.first_secret,
        coalesce(named_secrets.secret_count, 0) as secret_count,
        coalesce(job_rights.can_write, false) as can_write,
        coalesce(job_rights.inherits_secrets, false) as inherits_secrets,
        coalesce(job_rights.has_condition, false) as has_condition,
        coalesce(policies_read.readable, false) as policies_readable,
        coalesce(taken.runs_it, false) as runs_it,
        taken.kind as taken_kind,
        taken.text as taken_text,
        taken.line as taken_line,
        coalesce(privileged.line, unread.error_line) as line,
        unread.reason_code as unread_reason,
        case
            when unread.path is not null then 'unread'
            when job_rights.stale then 'stale'
            when privileged.path is null then 'no_event'
            when repositories.visibility <> 'public' then 'not_public'
            when repositories.archived then 'archived'
            when not repositories.actions_enabled then 'actions_disabled'
            when coalesce(named_secrets.secret_count, 0) = 0
                and not coalesce(job_rights.can_write, false)
                and not coalesce(job_rights.inherits_secrets, false) then 'nothing_in_reach'
            else 'reachable'
        end as case_name
    from population
    join repositories using (org, repository_id)
    left join privileged using (org, repository_id, path)
    left join job_rights using (org, repository_id, path)
    left join named_secrets using (org, repository_id, path)
    left join policies_read using (org, repository_id)
    left join taken using (org, repository_id, path)
    left join unread using (org, repository_id, path)
),

judged as (
    select
        *,
        concat(repository, '/', path) as subject,
        case
            when case_name <> 'reachable' then null
            when all_blocked then 'low'
            when runs_it then 'critical'
            else 'high'
        end as severity,
        concat_ws(
            ' and ',
            case when can_write then '"packages: write"' end,
            case
                when inherits_secrets then 'every secret of the repository'
                when secret_count = 1 then concat('the secret ', first_secret)
                when secret_count > 1 then concat(secret_count, ' secrets')
            end
        ) as rights,
        case taken_kind
            when 'checkout_head' then 'checks out the pull request''s head'
            when 'script_text' then 'puts an outsider''s text into a script'
            else 'takes in an artifact of the pull request''s run'
        end as taken_phrase
    from facts
)

select
    org,
    subject,
    case
        when case_name = 'reachable' then 'fail'
        when case_name in ('unread', 'stale') then 'unknown'
        else 'pass'
    end as verdict,
    case case_name when 'unread' then unread_reason when 'stale' then 'stale' end as reason_code,
    severity,
    case
        when case_name in ('unread', 'stale') then null
        -- An `if:` or a policy that was not read may stop it.
        when case_name = 'reachable' and (has_condition or not policies_readable) then 'implied'
        else 'proven'
    end as evidence_level,
    case case_name
        when 'unread' then concat(
            'Whether strangers can start ', subject, ' is not known: the file could not be ',
            case unread_reason when 'parse_error' then 'parsed' else 'read' end,
            coalesce(concat(', line ', line), ''), '.'
        )
        when 'stale' then concat(subject, ' was not read again for longer than facts may age.')
        when 'no_event' then concat(
            subject, ' runs on no event that gives a stranger''s run the repository''s own rights.'
        )
        when 'not_public' then concat(
            subject, ' runs on ', event, ', but in the ', visibility, ' repository ', repository,
            ' no outsider starts it.'
        )
        when 'archived' then concat(subject, ' runs on ', event, ', but ', repository, ' is archived.')
        when 'actions_disabled' then concat(
            subject, ' runs on ', event, ', but Actions is disabled in ', repository, '.'
        )
        when 'nothing_in_reach' then concat(
            subject, ' runs on ', event, ' without secrets and without more than "packages: read".'
        )
        else concat(
            subject, ' runs on ', event, ' of the public repository ', repository, ' with ', rights, ' in reach',
            case when taken_kind is not null then concat(', and ', taken_phrase) else '' end,
            case
                when all_blocked then '; an active Actions policy blocks the event'
                when not policies_readable then '; whether an Actions policy blocks the event was not read'
                else ''
            end,
            '.'
        )
    end as reason,
    repository,
    null::varchar as package,
    path,
    line,
    null::varchar as registry,
    null::varchar as credential,
    case when case_name = 'reachable' then first_secret end as secret,
    to_json(
        case
            when case_name = 'reachable' then list_concat(
                [
                    {
                        'kind': 'trigger',
                        'text': concat('Strangers start it by ', event, ' (line ', line, ').'),
                        'level': 'proven',
                        'request_id': null::varchar
                    },
                    {
                        'kind': 'rights',
                        'text': concat('Its run has ', rights, '.'),
                        'level': 'proven',
                        'request_id': null::varchar
                    }
                ],
                case
                    when taken_kind is not null then [
                        {
                            'kind': taken_kind,
                            'text': concat('It ', taken_phrase, ' (line ', taken_line, '): ', taken_text),
                            'level': 'implied',
                            'request_id': null::varchar
                        }
                    ]
                    else []
                end
            )
            else []
        end
    ) as hops,
    case
        when case_name = 'reachable'
            then to_json({
                'events': events,
                'packages_write': can_write,
                'secrets': secret_count > 0 or inherits_secrets,
                'runs_it': runs_it
            })
    end as evidence
from judged
