-- id: PKG006
-- name: published-without-attestation
-- title: Package published without an attestation
-- severity: low
-- subject: job
-- population: Every job that pushes to a GitHub Packages registry.
-- description: A job pushes a package, and no step of its workflow attests what was built.
-- why: Without an attestation nobody can verify later which commit and which workflow a version came from, so a
--   version that was pushed by hand with a stolen token looks like every other.
-- fails_when: No step of the workflow, nor of the workflow or action that it calls to push, attests what it pushes.
-- passes_when: Some step does.
-- unknown_when: What pushes is outside the organization, or the workflow was not read for too long.
-- not_applicable_when: Never.
-- remediation: Add actions/attest-build-provenance after the push, with the digest that the push returned, and the
--   permissions "id-token - write" and "attestations - write".
-- references: Using artifact attestations to establish provenance for builds; Publishing and installing a package
--   with GitHub Actions
-- version: 1

with pushes as (
    select
        org,
        repository_id,
        repository,
        path,
        job,
        registry,
        line,
        login_repository,
        login_path,
        stale
    from registry_logins
    where operation = 'push'
        and store = 'actions'
        and job <> ''
    union all
    select
        org,
        repository_id,
        repository,
        path,
        job,
        registry,
        line,
        null as login_repository,
        null as login_path,
        false as stale
    from package_references
    where operation = 'push'
        and job <> ''
),

-- An attestation in another job of the workflow, or in the file that it calls to push, is of what was pushed.
attesting_files as (
    select
        org,
        lower(repository) as repository_key,
        path,
        min_by(text, (line, text)) as text
    from workflow_attestations
    group by org, lower(repository), path
),

-- An action or workflow of others may attest by itself; its text was not examined.
external_calls as (
    select
        org,
        repository_id,
        path,
        job,
        min(uses) as uses
    from workflow_jobs
    where uses is not null
        and uses not like './%'
        and lower(split_part(uses, '/', 1)) <> lower(org)
    group by org, repository_id, path, job
),

jobs as (
    select
        pushes.org,
        pushes.repository_id,
        pushes.repository,
        pushes.path,
        pushes.job,
        string_agg(distinct nullif(pushes.registry, ''), ', ' order by nullif(pushes.registry, '')) as registries,
        min(pushes.line) as line,
        bool_or(pushes.stale) as stale,
        min(coalesce(own.text, called.text)) as attestation
    from pushes
    left join attesting_files as own
        on pushes.org = own.org
        and lower(pushes.repository) = own.repository_key
        and pushes.path = own.path
    left join attesting_files as called
        on pushes.org = called.org
        and lower(pushes.login_repository) = called.repository_key
        and pushes.login_path = called.path
    group by pushes.org, pushes.repository_id, pushes.repository, pushes.path, pushes.job
),

decided as (
    select
        jobs.*,
        concat(jobs.repository, '/', jobs.path, '#', jobs.job) as subject,
        external_calls.uses as external_uses,
        case
            when jobs.stale then 'stale'
            when jobs.attestation is not null then 'attests'
            when external_calls.uses is not null then 'external'
            else 'silent'
        end as case_name
    from jobs
    left join external_calls using (org, repository_id, path, job)
)

select
    org,
    subject,
    case case_name when 'silent' then 'fail' when 'attests' then 'pass' else 'unknown' end as verdict,
    case case_name when 'stale' then 'stale' when 'external' then 'external_reference' end as reason_code,
    case when case_name = 'silent' then 'low' end as severity,
    -- That a step attests does not say what it attests.
    case case_name when 'silent' then 'proven' when 'attests' then 'implied' end as evidence_level,
    case case_name
        when 'stale' then concat(subject, ' was not read again for longer than facts may age.')
        when 'attests' then concat(subject, ' pushes packages, and its workflow attests with ', attestation, '.')
        when 'external' then concat(
            subject, ' pushes packages through ', external_uses,
            ', whose text was not examined, so whether it attests them is not known.'
        )
        else concat(subject, ' pushes packages, and no step of its workflow attests them.')
    end as reason,
    repository,
    null::varchar as package,
    path,
    line,
    registries as registry,
    null::varchar as credential,
    null::varchar as secret,
    '[]'::json as hops,
    case when case_name = 'silent' then to_json({'registries': registries}) end as evidence
from decided
