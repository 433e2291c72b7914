-- packages: one row a package of the organization, with the repository it is connected to.
create or replace view packages as
with held as (
    select
        package.*,
        current_run.edition,
        current_run.web_url
    from package
    join current_run using (org)
    where package.valid_from_run <= current_run.run_id
        and (package.valid_to_run is null or current_run.run_id < package.valid_to_run)
),

-- What the single-package request answered, where the list did not name a repository.
answers as (
    select package_connection.*
    from package_connection
    join current_run using (org)
    where package_connection.valid_from_run <= current_run.run_id
        and (package_connection.valid_to_run is null or current_run.run_id < package_connection.valid_to_run)
),

-- Nights on which GitHub said that the package is connected to none: what is connected later was published before.
unconnected as (
    select distinct
        package_connection.org,
        package_connection.package_id
    from package_connection
    join current_run using (org)
    where package_connection.repository_id is null
        and package_connection.valid_to_run <= current_run.run_id
),

asked as (
    select
        org,
        try_cast(subject as bigint) as package_id,
        readable,
        reason_code,
        request_id
    from coverage_now
    where family = 'package_details'
),

-- A token that does not see every repository may not be shown the connection either.
repository_list as (
    select
        org,
        readable,
        reason_code
    from coverage_now
    where family = 'repositories'
        and subject = ''
),

-- Somebody who is no owner is not shown a repository that is hidden from them.
readers as (
    select
        org,
        reason
    from coverage_now
    where family = 'organization'
        and subject = ''
        and reason = 'reader_not_owner'
),

listing as (
    select
        org,
        subject,
        stale,
        request_id
    from coverage_now
    where family = 'packages'
),

versions as (
    select
        package_version.org,
        package_version.package_id,
        max(package_version.created_at) as newest_version_at
    from package_version
    join current_run using (org)
    where package_version.valid_from_run <= current_run.run_id
        and (package_version.valid_to_run is null or current_run.run_id < package_version.valid_to_run)
    group by package_version.org, package_version.package_id
),

connections as (
    select
        held.*,
        case when held.listed_repository = 'present' then held.repository_id else answers.repository_id end
            as connected_id,
        case
            when held.listed_repository = 'present' then held.repository_full_name
            else answers.repository_full_name
        end as connected_name,
        -- Why "connected to none" cannot be said; null: it can.
        case
            when answers.package_id is null then coalesce(asked.reason_code, 'not_collected')
            when not asked.readable then asked.reason_code
            when not coalesce(repository_list.readable, false)
                then coalesce(repository_list.reason_code, 'not_collected')
            else readers.reason
        end as doubt,
        asked.request_id as answer_request_id
    from held
    left join answers
        on held.org = answers.org
        and held.package_id = answers.package_id
    left join asked
        on held.org = asked.org
        and held.package_id = asked.package_id
    left join repository_list
        on held.org = repository_list.org
    left join readers
        on held.org = readers.org
)

select
    connections.org,
    connections.package_id,
    concat(connections.package_type, ':', connections.org, '/', connections.name) as subject,
    connections.package_type,
    connections.name,
    coalesce(registry_kinds.kind, 'granular') as registry_kind, -- granular | repository_scoped | unavailable
    connections.visibility,             -- of the sweep that returned it
    connections.reported_visibility,    -- the field of the answer
    case
        when connections.connected_id is not null then 'connected'
        when connections.doubt is null then 'none'
        else 'unknown'
    end as connection,
    case when connections.connected_id is null then connections.doubt end as connection_reason,
    connections.connected_id as repository_id,
    coalesce(repositories.repository, connections.connected_name) as repository, -- its name today
    repositories.visibility as repository_visibility,
    -- Connected on the settings page after it was published, a package keeps the access that it had.
    connections.connected_id is not null and unconnected.package_id is not null as connected_later,
    case
        when connections.connected_id is null then null
        when repositories.repository_id is null then 'not_listed'
        when repositories.archived then 'archived'
        else 'listed'
    end as repository_state,
    connections.version_count,
    connections.created_at,
    connections.updated_at,
    versions.newest_version_at,
    connections.html_url,
    concat(
        connections.web_url, '/orgs/', connections.org, '/packages/', connections.package_type, '/',
        url_encode(connections.name), '/settings'
    ) as settings_url,                  -- where a person reads and changes its Actions access
    coalesce(listing.stale, false) as stale, -- the list it stood on is too old to be believed
    listing.request_id,                 -- GitHub's id of the answer that listed it
    case
        when connections.listed_repository = 'present' then listing.request_id
        else connections.answer_request_id
    end as connection_request_id,       -- and of the one that named its repository
    connections.observed_at
from connections
left join registry_kinds
    on connections.edition = registry_kinds.edition
    and connections.package_type = registry_kinds.package_type
left join repositories
    on connections.org = repositories.org
    and connections.connected_id = repositories.repository_id
left join unconnected
    on connections.org = unconnected.org
    and connections.package_id = unconnected.package_id
left join versions
    on connections.org = versions.org
    and connections.package_id = versions.package_id
left join listing
    on connections.coverage_family = 'packages'
    and connections.org = listing.org
    and connections.coverage_subject = listing.subject;
