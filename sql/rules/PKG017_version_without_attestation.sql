-- id: PKG017
-- name: version-without-attestation
-- title: Newest version without an attestation
-- severity: low
-- subject: version
-- population: The newest version of every container package.
-- description: GitHub lists no attestation for the digest of a container package's newest version.
-- why: Without an attestation nobody can tell which repository and which workflow built what is running, so an image
--   that was pushed with a stolen token looks like every other.
-- fails_when: The newest version is known, and no attestation is listed for its digest.
-- passes_when: An attestation is listed for it. Its signature is not verified here.
-- unknown_when: The versions or the attestations could not be read, this edition of GitHub has no attestations, or
--   the package was not listed again for longer than facts may age.
-- not_applicable_when: The package holds no version.
-- remediation: Add actions/attest-build-provenance to the workflow that pushes the image, with the digest that the
--   push returned (PKG006 names the jobs), and verify the attestation where the image is deployed.
-- references: Using artifact attestations to establish provenance for builds; Verifying attestations offline
-- version: 1

with versions as (
    select *
    from newest_versions
),

-- Attestations of repositories that the reader can't see are left out of the list.
readers as (
    select
        org,
        reason
    from coverage_now
    where family = 'organization'
        and subject = ''
        and reason = 'reader_not_owner'
),

facts as (
    select
        versions.*,
        concat('Version ', coalesce(concat(versions.tags[1], ' (', substr(versions.digest, 1, 19), ')'),
            substr(versions.digest, 1, 19)), ' of ', versions.package) as thing,
        readers.reason as reader_reason
    from versions
    left join readers using (org)
),

decided as (
    select
        *,
        case
            when stale then 'stale'
            when attestation_count > 0 then 'attested'
            when version_reason is not null then 'version_unread'
            when digest is null then 'no_version'
            when attestation_reason is not null then 'unread'
            when reader_reason is not null then 'hidden'
            else 'not_attested'
        end as case_name
    from facts
)

select
    org,
    concat(package, '@newest') as subject,
    case case_name
        when 'attested' then 'pass'
        when 'not_attested' then 'fail'
        when 'no_version' then 'not_applicable'
        else 'unknown'
    end as verdict,
    case case_name
        when 'stale' then 'stale'
        when 'version_unread' then version_reason
        when 'unread' then attestation_reason
        when 'hidden' then reader_reason
    end as reason_code,
    case when case_name = 'not_attested' then 'low' end as severity,
    case case_name when 'attested' then 'suggested' when 'not_attested' then 'proven' end as evidence_level,
    case case_name
        when 'stale' then concat(package, ' was not listed again for longer than facts may age.')
        when 'attested' then concat(
            thing, ' has ', case when attestation_count = 1 then 'an attestation' else concat(
                attestation_count, ' attestations'
            ) end,
            coalesce(concat(' of ', attesting_repository), ''), '; the signature was not verified.'
        )
        when 'version_unread' then concat(
            'The newest version of ', package, ' could not be read (', version_reason, ').'
        )
        when 'no_version' then concat(package, ' holds no version.')
        when 'unread' then case
            when attestation_reason = 'no_api' then concat('No API tells of attestations of ', package, ' here.')
            else concat('The attestations of ', package, ' could not be read (', attestation_reason, ').')
        end
        when 'hidden' then concat(
            'No attestation of ', package, ' is listed, but the credential is no owner''s and may not see all of them.'
        )
        else concat(thing, ' has no attestation.')
    end as reason,
    attesting_repository as repository,
    package,
    attesting_workflow as path,
    null::integer as line,
    'container' as registry,
    null::varchar as credential,
    null::varchar as secret,
    to_json(
        case
            when case_name = 'not_attested' then [
                {
                    'kind': 'version',
                    'text': concat('The newest version of ', package, ' is ', digest, '.'),
                    'level': 'proven',
                    'request_id': null::varchar
                },
                {
                    'kind': 'attestations',
                    'text': 'GitHub lists no attestation for this digest.',
                    'level': 'proven',
                    'request_id': attestation_request_id
                }
            ]
            else []
        end
    ) as hops,
    case when case_name = 'not_attested' then to_json({'package': package}) end as evidence
from decided
