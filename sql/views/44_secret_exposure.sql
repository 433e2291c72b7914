-- secret_exposure: one row a stored secret, from how many repositories it can be read and how many use it.
create or replace view secret_exposure as
with reach as (
    select *
    from secret_reach
),

uses as (
    select *
    from secret_uses
),

totals as (
    select
        org,
        count(*) as all_count,
        count(*) filter (where visibility = 'public') as public_count
    from repositories
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

chosen as (
    select
        org,
        subject,
        count(*) as all_count,
        count(*) filter (where repository_visibility = 'public') as public_count
    from reach
    where via = 'selected'
    group by org, subject
),

chosen_lists as (
    select
        org,
        case family when 'org_secret_repositories' then 'actions' else 'dependabot' end as store,
        subject as name,
        readable,
        reason_code
    from coverage_now
    where family in ('org_secret_repositories', 'org_dependabot_secret_repositories')
),

login_uses as (
    select
        org,
        subject,
        count(distinct login) as login_count
    from uses
    group by org, subject
),

-- A repository that names the secret for anything at all needs it, not only one that logs in with it.
naming as (
    select
        reach.org,
        reach.subject,
        reach.repository_id
    from reach
    join (select distinct org, repository_id, name from workflow_secrets) as mentions
        on reach.org = mentions.org
        and reach.repository_id = mentions.repository_id
        and upper(reach.name) = mentions.name
    where reach.store = 'actions'
    union
    select
        org,
        subject,
        repository_id
    from uses
),

repository_uses as (
    select
        org,
        subject,
        count(*) as repository_count
    from naming
    group by org, subject
)

select
    secrets.org,
    secrets.subject,
    case
        when secrets.scope <> 'organization' then 1
        when secrets.visibility = 'all' then coalesce(totals.all_count, 0)
        when secrets.visibility = 'private' then coalesce(totals.all_count - totals.public_count, 0)
        else coalesce(chosen.all_count, 0)
    end as reach_count,         -- repositories whose workflows can read it
    case
        when secrets.scope <> 'organization' then (secrets.repository_visibility = 'public')::bigint
        when secrets.visibility = 'all' then coalesce(totals.public_count, 0)
        when secrets.visibility = 'private' then 0
        else coalesce(chosen.public_count, 0)
    end as public_count,        -- public ones among them
    -- Why there may be more; null: these are all.
    case
        when secrets.scope <> 'organization' then null
        when secrets.visibility = 'selected' and not coalesce(chosen_lists.readable, false)
            then coalesce(chosen_lists.reason_code, 'not_collected')
        when secrets.visibility <> 'selected' and not coalesce(repository_lists.readable, false)
            then coalesce(repository_lists.reason_code, 'not_collected')
    end as reason_code,
    coalesce(repository_uses.repository_count, 0) as use_count,     -- repositories whose workflows name it
    coalesce(login_uses.login_count, 0) as login_count              -- registry logins that use it
from secrets
left join totals
    on secrets.org = totals.org
left join repository_lists
    on secrets.org = repository_lists.org
left join chosen
    on secrets.org = chosen.org
    and secrets.subject = chosen.subject
left join chosen_lists
    on secrets.org = chosen_lists.org
    and secrets.store = chosen_lists.store
    and secrets.name = chosen_lists.name
left join login_uses
    on secrets.org = login_uses.org
    and secrets.subject = login_uses.subject
left join repository_uses
    on secrets.org = repository_uses.org
    and secrets.subject = repository_uses.subject;
