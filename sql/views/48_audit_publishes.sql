-- audit_publishes: one row a package and a credential that published it, as the audit log's newest event has it.
-- Only GitHub Enterprise keeps such a log. GitHub does not say whether the repository of an event is the one whose
-- workflow ran or the one that the package is connected to.
create or replace view audit_publishes as
with held as (
    select
        audit_event.*,
        case audit_event.ecosystem when 'docker' then 'container' else lower(audit_event.ecosystem) end as kind,
        lower(audit_event.package_name) as package_key
    from audit_event
    join current_run using (org)
    where audit_event.action in ('packages.package_published', 'packages.package_version_published')
        and audit_event.valid_from_run <= current_run.run_id
        and (audit_event.valid_to_run is null or current_run.run_id < audit_event.valid_to_run)
),

-- Events name a package with or without its owner, npm ones with or without the scope's sign.
spelled as (
    select
        org,
        package_id,
        subject,
        package_type,
        case package_type when 'docker' then 'container' else package_type end as kind,
        unnest([lower(name), lower(concat(org, '/', name)), lower(concat('@', org, '/', name))]) as package_key
    from packages
),

named as (
    select
        org,
        package_id,
        subject,
        kind,
        package_key
    from spelled
    qualify row_number() over (
        partition by org, kind, package_key
        order by package_type = 'docker', package_id
    ) = 1
),

-- Which long-lived credentials of a person may write packages: the log itself names none.
authorized as (
    select
        permitted.org,
        lower(permitted.login) as login_key,
        count(*) as authorized_tokens
    from credential_authorization as permitted
    join current_run using (org)
    where permitted.valid_from_run <= current_run.run_id
        and (permitted.valid_to_run is null or current_run.run_id < permitted.valid_to_run)
        and list_has_any(permitted.scopes, ['write:packages', 'delete:packages'])
    group by permitted.org, lower(permitted.login)
)

select
    held.org,
    named.package_id,
    named.subject as package,           -- type:owner/name
    repositories.repository_id,         -- null: the event names none that is listed
    repositories.repository,
    held.action,
    held.version,                       -- of the newest event
    held.actor,
    held.credential_type,               -- as GitHub names it; empty: it names none
    held.hashed_token,                  -- GitHub's hash of the token; empty: none
    -- A workflow's own token: an App's server-to-server token that a bot used.
    lower(held.actor) = 'github-actions[bot]'
    or (
        coalesce(held.actor_is_bot, false)
        and lower(held.credential_type) like '%server%to%server%'
    ) as by_workflow,
    coalesce(authorized.authorized_tokens, 0) as authorized_tokens, -- of the actor, that may write packages
    held.created_at as published_at,
    held.observed_at
from held
join named
    on held.org = named.org
    and held.package_key = named.package_key
    and (held.kind = '' or held.kind = named.kind)
left join repositories
    on held.org = repositories.org
    and lower(held.repository_full_name) = lower(repositories.repository)
left join authorized
    on held.org = authorized.org
    and lower(held.actor) = authorized.login_key;
