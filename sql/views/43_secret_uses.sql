-- secret_uses: one row a stored secret and a registry login that reads it.
-- A repository's own secret stands before the organization's of the same name. An environment's stands before both,
-- in the jobs that name it, so beside it the others are listed too.
create or replace view secret_uses as
with logins as (
    select *
    from registry_logins
),

named as (
    -- A fallback names several secrets: each branch is a use.
    select distinct
        org,
        subject,
        store,
        repository_id,
        upper(credential_name) as name
    from logins
    where credential = 'pat'
    union
    select distinct
        org,
        subject,
        store,
        repository_id,
        upper(unnest(regexp_extract_all(expression, 'secrets\.([A-Za-z_][A-Za-z0-9_]*)', 1))) as name
    from logins
    where credential = 'pat'
        and fallback
),

reads as (
    select
        org,
        subject as login,
        store,
        repository_id,
        name
    from named
    where name <> 'GITHUB_TOKEN'
),

matches as (
    select
        reads.org,
        reads.login,
        secret_reach.subject,
        secret_reach.store,
        secret_reach.scope,
        secret_reach.environment,
        secret_reach.name,
        secret_reach.visibility
    from reads
    join secret_reach
        on reads.org = secret_reach.org
        and reads.store = secret_reach.store
        and reads.repository_id = secret_reach.repository_id
        and reads.name = upper(secret_reach.name)
    -- Keep environments, and the nearer of repository and organization.
    qualify secret_reach.scope = 'environment'
        or secret_reach.scope = 'repository'
        or count(*) filter (where secret_reach.scope = 'repository') over (
            partition by reads.org, reads.login, reads.name
        ) = 0
)

select
    matches.org,
    matches.subject,            -- of the secret
    matches.store,
    matches.scope,
    matches.environment,
    matches.name,
    matches.visibility,         -- of an organization's secret: all | private | selected
    matches.login,              -- subject of the registry login
    logins.repository_id,
    logins.repository,
    logins.repository_visibility,
    logins.path,
    logins.job,
    logins.line,
    logins.registry,
    logins.registry_phrase,
    logins.operation
from matches
join logins
    on matches.org = logins.org
    and matches.login = logins.subject;
