-- secret_metadata: one row a repository and store of secrets, whether every secret its workflows can read is known.
create or replace view secret_metadata as
with stores as (
    select
        repositories.org,
        repositories.repository_id,
        store_names.store
    from repositories
    cross join (values ('actions'), ('dependabot')) as store_names (store)
),

-- What stands between us and "there is no such secret", family by family.
organization_lists as (
    select
        org,
        case family when 'org_secrets' then 'actions' else 'dependabot' end as store,
        readable,
        reason_code
    from coverage_now
    where family in ('org_secrets', 'org_dependabot_secrets')
),

repository_lists as (
    select
        org,
        case family when 'repo_secrets' then 'actions' else 'dependabot' end as store,
        try_cast(subject as bigint) as repository_id,
        readable,
        reason_code
    from coverage_now
    where family in ('repo_secrets', 'repo_dependabot_secrets')
),

environment_lists as (
    select
        org,
        try_cast(subject as bigint) as repository_id,
        readable,
        reason_code
    from coverage_now
    where family = 'repo_environments'
),

unread_environments as (
    select
        org,
        try_cast(split_part(subject, '/', 1) as bigint) as repository_id,
        min(reason_code) as reason_code
    from coverage_now
    where family = 'environment_secrets'
        and not readable
    group by org, split_part(subject, '/', 1)
)

select
    stores.org,
    stores.repository_id,
    stores.store,
    coalesce(organization_lists.readable, false)
    and coalesce(repository_lists.readable, false)
    and (
        stores.store = 'dependabot'
        or (coalesce(environment_lists.readable, false) and unread_environments.repository_id is null)
    ) as complete,
    case
        when not coalesce(organization_lists.readable, false)
            then coalesce(organization_lists.reason_code, 'not_collected')
        when not coalesce(repository_lists.readable, false)
            then coalesce(repository_lists.reason_code, 'not_collected')
        when stores.store = 'dependabot' then null
        when not coalesce(environment_lists.readable, false)
            then coalesce(environment_lists.reason_code, 'not_collected')
        else unread_environments.reason_code
    end as reason_code          -- why it is not complete; null: it is
from stores
left join organization_lists
    on stores.org = organization_lists.org
    and stores.store = organization_lists.store
left join repository_lists
    on stores.org = repository_lists.org
    and stores.store = repository_lists.store
    and stores.repository_id = repository_lists.repository_id
left join environment_lists
    on stores.store = 'actions'
    and stores.org = environment_lists.org
    and stores.repository_id = environment_lists.repository_id
left join unread_environments
    on stores.store = 'actions'
    and stores.org = unread_environments.org
    and stores.repository_id = unread_environments.repository_id;
