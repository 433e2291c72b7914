-- newest_versions: one row a container package, its newest version, and what is listed as attested of it.
-- One push may bring untagged parts of an image beside it, so the newest version is one with a tag, where there is one.
create or replace view newest_versions as
with held as (
    select
        package_version.org,
        package_version.package_id,
        package_version.name as digest,
        coalesce(len(package_version.tags), 0) > 0 as is_tagged,
        package_version.tags,
        package_version.created_at
    from package_version
    join current_run using (org)
    where package_version.valid_from_run <= current_run.run_id
        and (package_version.valid_to_run is null or current_run.run_id < package_version.valid_to_run)
    qualify row_number() over (
        partition by package_version.org, package_version.package_id
        order by is_tagged desc, package_version.created_at desc nulls last, package_version.version_id desc
    ) = 1
),

attested as (
    select
        attestation.org,
        attestation.package_id,
        attestation.digest,
        count(*) as attestation_count,
        min(attestation.repository_id) as repository_id,
        min(attestation.workflow_path) as workflow_path
    from attestation
    join current_run using (org)
    where attestation.valid_from_run <= current_run.run_id
        and (attestation.valid_to_run is null or current_run.run_id < attestation.valid_to_run)
    group by attestation.org, attestation.package_id, attestation.digest
),

versions_read as (
    select
        org,
        try_cast(subject as bigint) as package_id,
        readable,
        reason_code
    from coverage_now
    where family = 'package_versions'
),

-- The subject '' speaks of an edition that has no attestations at all.
attestations_read as (
    select
        org,
        subject,
        readable,
        case when status = 'unavailable' then 'no_api' else reason_code end as reason_code,
        request_id
    from coverage_now
    where family = 'attestations'
)

select
    packages.org,
    packages.package_id,
    packages.subject as package,
    packages.stale,
    packages.version_count,
    held.digest,                -- null: no version was read
    held.tags,
    held.created_at,
    -- Why its newest version is not known; null: it is, or there is none.
    case
        when versions_read.package_id is null then 'not_collected'
        when not versions_read.readable then versions_read.reason_code
    end as version_reason,
    coalesce(attested.attestation_count, 0) as attestation_count,
    attesting.repository as attesting_repository,
    attested.workflow_path as attesting_workflow,
    -- Why "not attested" cannot be said; null: it can.
    case
        when coalesce(asked.readable, absent.readable, false) then null
        else coalesce(asked.reason_code, absent.reason_code, 'not_collected')
    end as attestation_reason,
    asked.request_id as attestation_request_id
from packages
left join held
    on packages.org = held.org
    and packages.package_id = held.package_id
left join versions_read
    on packages.org = versions_read.org
    and packages.package_id = versions_read.package_id
left join attested
    on held.org = attested.org
    and held.package_id = attested.package_id
    and held.digest = attested.digest
left join repositories as attesting
    on attested.org = attesting.org
    and attested.repository_id = attesting.repository_id
left join attestations_read as asked
    on held.org = asked.org
    and asked.subject = concat(held.package_id, '/', held.digest)
left join attestations_read as absent
    on packages.org = absent.org
    and absent.subject = ''
where packages.package_type = 'container';
