-- id: PKG008
-- name: package-wider-than-repository
-- title: Package more visible than its repository
-- severity: high
-- subject: package
-- population: Every package with a connected repository, and those whose connection could not be read.
-- description: A package that more people can see than the repository it is connected to.
-- why: A package carries compiled code, and often source, configuration and history. Public or internal, it shows to
--   many what its private repository keeps from them. In a granular registry the visibility is not inherited, so the
--   two drift apart unnoticed.
-- fails_when: A public package is connected to a private or internal repository (high), or an internal package to a
--   private one (medium).
-- passes_when: The package is at most as visible as its repository.
-- unknown_when: The connection, or the visibility of the connected repository, could not be read.
-- not_applicable_when: The registry is repository-scoped: the repository's visibility is the package's.
-- remediation: Decide whether the content is meant for that audience. If not, change the package's visibility in its
--   settings, where the edition allows it, or delete and publish it anew as private; treat what was public as read by
--   others.
-- references: Configuring a package's access control and visibility; About permissions for GitHub Packages
-- version: 1

with ranked as (
    select
        packages.*,
        case visibility when 'public' then 3 when 'internal' then 2 else 1 end as package_rank,
        case repository_visibility when 'public' then 3 when 'internal' then 2 when 'private' then 1 end
            as repository_rank
    from packages
    where connection in ('connected', 'unknown')
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

decided as (
    select
        ranked.*,
        coalesce(repository_lists.reason_code, 'not_collected') as list_reason,
        case
            when ranked.registry_kind <> 'granular' then 'not_applicable'
            when ranked.stale or coalesce(repository_lists.reason_code = 'stale', false) then 'unknown'
            when ranked.connection = 'unknown' or ranked.repository_rank is null then 'unknown'
            when ranked.package_rank > ranked.repository_rank then 'fail'
            else 'pass'
        end as verdict
    from ranked
    left join repository_lists using (org)
)

select
    org,
    subject,
    verdict,
    case
        when verdict <> 'unknown' then null
        when stale or list_reason = 'stale' then 'stale'
        when connection = 'unknown' then connection_reason
        else list_reason
    end as reason_code,
    case
        when verdict <> 'fail' then null
        when visibility = 'public' then 'high'
        else 'medium'
    end as severity,
    case when verdict in ('pass', 'fail') then 'proven' end as evidence_level,
    case
        when verdict = 'not_applicable' and registry_kind = 'unavailable'
            then concat('This edition of GitHub has no registry for ', subject, '.')
        when verdict = 'not_applicable' then concat(
            subject, ' is in a repository-scoped registry, so its visibility is that of ',
            coalesce(repository, 'its repository'), '.'
        )
        when verdict in ('fail', 'pass') then concat(
            upper(visibility[1]), visibility[2:], ' package ', subject, ' is connected to the ', repository_visibility,
            ' repository ', repository, '.'
        )
        when stale or list_reason = 'stale'
            then concat(subject, ' or its repository was not listed again for longer than facts may age.')
        when connection = 'unknown' then concat(
            'Which repository ', subject, ' is connected to could not be read (', connection_reason, ').'
        )
        else concat(
            subject, ' is connected to ', coalesce(repository, concat('repository ', repository_id)),
            ', whose visibility was not read because it is not among the repositories that were listed.'
        )
    end as reason,
    repository,
    subject as package,
    null::varchar as path,
    null::integer as line,
    package_type as registry,
    null::varchar as credential,
    null::varchar as secret,
    to_json(
        case
            when verdict = 'fail' then [
                {
                    'kind': 'package',
                    'text': concat(subject, ' is ', visibility, '.'),
                    'level': 'proven',
                    'request_id': request_id
                },
                {
                    'kind': 'connection',
                    'text': concat('It is connected to ', repository, ', which is ', repository_visibility, '.'),
                    'level': 'proven',
                    'request_id': connection_request_id
                }
            ]
            else []
        end
    ) as hops,
    case
        when verdict = 'fail'
            then to_json({
                'visibility': visibility,
                'repository': repository,
                'repository_visibility': repository_visibility
            })
    end as evidence
from decided
