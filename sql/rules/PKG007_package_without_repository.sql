-- id: PKG007
-- name: package-without-repository
-- title: Package connected to no repository
-- severity: low
-- subject: package
-- population: Every package of the organization.
-- description: A package that is connected to no repository. Nothing says where it is built, who owns it or whose
--   permissions it follows.
-- why: Nobody reviews what nobody owns. Access to such a package is granted by hand, to people and repositories one
--   by one, and outlives the project it was made for.
-- fails_when: The package is connected to no repository. Medium where it is private and some workflow uses it, low
--   elsewhere.
-- passes_when: The package is connected to a repository; that it is archived, or no longer in the organization, is
--   said.
-- unknown_when: The single-package request was denied or not made, or the list of repositories is incomplete, so that
--   the connection may be hidden.
-- not_applicable_when: Never.
-- remediation: Connect the package to the repository that builds it, on the package's page or with the label
--   org.opencontainers.image.source before the next first publish. Delete the package if nothing uses it.
-- references: Connecting a repository to a package; About permissions for GitHub Packages
-- version: 1

with uses as (
    select
        org,
        package_id,
        count(distinct concat(repository_id, '/', path)) as workflow_count,
        min(concat(repository, '/', path)) as workflow
    from package_references
    where package_id is not null
    group by org, package_id
),

facts as (
    select
        packages.*,
        coalesce(uses.workflow_count, 0) as workflow_count,
        uses.workflow
    from packages
    left join uses using (org, package_id)
)

select
    org,
    subject,
    case
        when stale then 'unknown'
        when connection = 'connected' then 'pass'
        when connection = 'none' then 'fail'
        else 'unknown'
    end as verdict,
    case
        when stale then 'stale'
        when connection = 'unknown' then connection_reason
    end as reason_code,
    case
        when stale or connection <> 'none' then null
        when visibility = 'private' and workflow_count > 0 then 'medium'
        else 'low'
    end as severity,
    case when not stale and connection <> 'unknown' then 'proven' end as evidence_level,
    case
        when stale then concat(subject, ' was not listed again for longer than facts may age.')
        when connection = 'none' then concat(
            upper(visibility[1]), visibility[2:], ' package ', subject, ' is connected to no repository',
            case
                when workflow_count = 1 then concat(', but ', workflow, ' uses it')
                when workflow_count > 1 then concat(', but ', workflow, ' and ', workflow_count - 1, ' more use it')
                else ''
            end,
            '.'
        )
        when connection = 'unknown' then concat(
            'Whether ', subject, ' is connected to a repository could not be read (', connection_reason, ').'
        )
        when repository_state = 'archived' then concat(subject, ' is connected to ', repository, ', which is archived.')
        when repository_state = 'not_listed' then concat(
            subject, ' is connected to ', coalesce(repository, concat('repository ', repository_id)),
            ', which is not among the organization''s repositories: it was transferred, deleted, or may not be seen.'
        )
        else concat(subject, ' is connected to ', repository, '.')
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
            when connection = 'none' and not stale then [
                {
                    'kind': 'package',
                    'text': concat(subject, ' is ', visibility, '.'),
                    'level': 'proven',
                    'request_id': request_id
                },
                {
                    'kind': 'connection',
                    'text': 'GitHub names no repository for it.',
                    'level': 'proven',
                    'request_id': connection_request_id
                }
            ]
            else []
        end
    ) as hops,
    case
        when connection = 'none' and not stale
            then to_json({'visibility': visibility, 'used': workflow_count > 0})
    end as evidence
from facts
