-- id: PKG011
-- name: legacy-registry-login
-- title: Login to the legacy Docker registry
-- severity: low
-- subject: registry login
-- population: Every login to a GitHub Packages registry in workflows, in the reusable workflows and composite actions
--   they call, and in dependabot.yml.
-- description: A workflow still logs in to docker.pkg.github.com, which the Container registry replaced.
-- why: Images there were migrated. What still pushes or pulls at the old address depends on a redirect that GitHub
--   may end, and follows the repository's permissions instead of the package's own.
-- fails_when: The login's host is docker.pkg.github.com or an Enterprise Server's Docker registry.
-- passes_when: It is another registry.
-- unknown_when: The text does not tell the host.
-- not_applicable_when: Never.
-- remediation: Use ghcr.io (an Enterprise Server's containers host) and the image's name there, OWNER/IMAGE, and
--   check the migrated package's visibility and access.
-- references: Migrating to the Container registry from the Docker registry; Working with the Container registry
-- version: 1

with judged as (
    select
        *,
        case
            when stale then 'stale'
            when registry = '' then 'no_host'
            when registry = 'docker' or lower(host) = 'docker.pkg.github.com' then 'legacy'
            else 'other'
        end as case_name
    from registry_logins
)

select
    org,
    subject,
    case case_name when 'legacy' then 'fail' when 'other' then 'pass' else 'unknown' end as verdict,
    case case_name when 'stale' then 'stale' when 'no_host' then coalesce(reason_code, 'unresolved_expression') end
        as reason_code,
    case when case_name = 'legacy' then 'low' end as severity,
    case when case_name in ('legacy', 'other') then 'proven' end as evidence_level,
    case case_name
        when 'stale' then concat(place, ', was not read again for longer than facts may age.')
        when 'no_host' then concat('The registry to which ', place, ', logs in is not told by its text.')
        when 'legacy' then concat(
            place, ', logs in to the legacy Docker registry ', coalesce(host, 'docker.pkg.github.com'), '.'
        )
        else concat(place, ', logs in to ', registry_phrase, '.')
    end as reason,
    repository,
    null::varchar as package,
    path,
    line,
    nullif(registry, '') as registry,
    credential,
    case when credential = 'pat' then credential_name end as secret,
    coalesce(hops, '[]'::json) as hops,
    case when case_name = 'legacy' then to_json({'host': host, 'operation': operation}) end as evidence
from judged
