-- id: PKG018
-- name: legacy-docker-package
-- title: Package of the legacy Docker registry
-- severity: low
-- subject: package
-- population: Every package of the organization.
-- description: A package whose type is the legacy "docker". GitHub migrated such images to the Container registry,
--   where they have permissions of their own.
-- why: The old entry follows its repository, the migrated one its own access list. Who checks one has not checked the
--   other.
-- fails_when: The package's type is docker.
-- passes_when: It is of another type.
-- unknown_when: The package was not listed again for longer than facts may age.
-- not_applicable_when: Never.
-- remediation: Check that the image exists as a container package, with the visibility and access it should have,
--   move workflows to ghcr.io (PKG011), then delete the old versions.
-- references: Migrating to the Container registry from the Docker registry
-- version: 1

with containers as (
    select
        org,
        lower(name) as name_key,
        min(subject) as subject
    from packages
    where package_type = 'container'
    group by org, lower(name)
),

-- The migrated image is named OWNER/IMAGE or OWNER/REPOSITORY/IMAGE; so was the old one.
twins as (
    select
        packages.org,
        packages.package_id,
        min(containers.subject) as subject
    from packages
    join containers
        on packages.org = containers.org
        and containers.name_key in (
            lower(packages.name),
            lower(concat(split_part(packages.repository, '/', 2), '/', packages.name)),
            lower(split_part(packages.name, '/', -1))
        )
    where packages.package_type = 'docker'
    group by packages.org, packages.package_id
)

select
    packages.org,
    packages.subject,
    case
        when packages.stale then 'unknown'
        when packages.package_type = 'docker' then 'fail'
        else 'pass'
    end as verdict,
    case when packages.stale then 'stale' end as reason_code,
    case when packages.package_type = 'docker' and not packages.stale then 'low' end as severity,
    case when not packages.stale then 'proven' end as evidence_level,
    case
        when packages.stale then concat(packages.subject, ' was not listed again for longer than facts may age.')
        when packages.package_type <> 'docker' then concat(packages.subject, ' is not of the legacy type docker.')
        when twins.subject is not null then concat(
            packages.subject, ' is of the legacy type docker; the container package of its name is ', twins.subject, '.'
        )
        else concat(packages.subject, ' is of the legacy type docker, and no container package of its name is listed.')
    end as reason,
    packages.repository,
    packages.subject as package,
    null::varchar as path,
    null::integer as line,
    packages.package_type as registry,
    null::varchar as credential,
    null::varchar as secret,
    '[]'::json as hops,
    case
        when packages.package_type = 'docker' and not packages.stale then to_json({'migrated': twins.subject})
    end as evidence
from packages
left join twins using (org, package_id)
