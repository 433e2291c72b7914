-- package_references: one row a place where a workflow names a package that it pulls, pushes or deletes.
-- package_id is filled where the name is that of a package of the organization.
create or replace view package_references as
with held as (
    select
        package_reference.*,
        case package_reference.registry when 'docker' then 'container' else package_reference.registry end
            as ecosystem,
        -- npm names come with and without their scope, Maven coordinates with ':' and with '.'.
        case package_reference.registry
            when 'npm' then regexp_replace(lower(package_reference.name), '^@[^/]*/', '')
            when 'maven' then replace(lower(package_reference.name), ':', '.')
            else lower(package_reference.name)
        end as name_key
    from package_reference
    join current_run using (org)
    where package_reference.valid_from_run <= current_run.run_id
        and (package_reference.valid_to_run is null or current_run.run_id < package_reference.valid_to_run)
),

-- A migrated image is listed twice, as docker and as container: it is one package, the container.
named as (
    select
        org,
        package_id,
        subject,
        case package_type when 'docker' then 'container' else package_type end as ecosystem,
        case package_type
            when 'npm' then regexp_replace(lower(name), '^@[^/]*/', '')
            when 'maven' then replace(lower(name), ':', '.')
            else lower(name)
        end as name_key
    from packages
    qualify row_number() over (
        partition by org, ecosystem, name_key
        order by package_type = 'docker', package_id
    ) = 1
)

select
    held.org,
    held.repository_id,
    repositories.repository,
    repositories.visibility as repository_visibility,
    held.path,
    held.job,
    held.kind,                  -- container_image, docker_push, npm_publish, ...
    held.registry,
    held.host,
    held.namespace,
    held.name,
    held.reference,             -- tag or digest
    held.operation,             -- pull, push, delete, restore
    held.ordinal,
    held.line,
    held.resolved,              -- false: the name depends on what the text does not say
    held.reason,
    named.package_id,
    named.subject as package,   -- type:owner/name
    held.observed_at
from held
join repositories
    on held.org = repositories.org
    and held.repository_id = repositories.repository_id
left join named
    on held.resolved
    and held.org = named.org
    and held.ecosystem = named.ecosystem
    and held.name_key = named.name_key
    -- NuGet ids, gems and Maven coordinates are often named without an owner: the feed's, here the organization.
    and (
        lower(held.namespace) = lower(named.org)
        or (held.namespace = '' and held.ecosystem in ('nuget', 'rubygems', 'maven'))
    );
