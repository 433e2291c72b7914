-- id: PKG001
-- name: private-package-public-forks
-- title: Private package within reach of a public repository's forks
-- severity: high
-- subject: package
-- population: Every package of the organization.
-- description: A private or internal package whose Actions access includes a public repository. GitHub warns that
--   forks of such a repository may be able to access the package.
-- why: Anyone can fork a public repository and open a pull request whose workflow they wrote themselves. If that
--   run's token may read the package, a stranger has the package; the workflow's own permissions block does not help,
--   because the pull request can edit it.
-- fails_when: Some evidence, of any level, grants a public repository access to a private package of a granular
--   registry, or to an internal one beside its visibility. Medium where every outsider's pull request needs approval,
--   low where no pull request from a fork can run.
-- passes_when: The organization's complete list of repositories holds no public one; or a complete declared list
--   holds no public repository; or probes of every public repository were refused.
-- unknown_when: No API lists a package's Actions access (no_api), a declaration expired or contradicts an observed
--   use, or the package, its connection or the repositories could not be read.
-- not_applicable_when: The package is public; or internal without evidence beside its visibility (PKG014 speaks of
--   those); or of a repository-scoped registry; or the edition has no public repositories.
-- remediation: Open the package's settings and remove the public repository from "Manage Actions access", or make the
--   repository that consumes the package internal or private, or split the build that needs the package into a
--   private repository. Until then, require approval for all external contributors' pull requests. Confirm with the
--   generated probe.
-- references: About permissions for GitHub Packages; Publishing and installing a package with GitHub Actions;
--   Configuring a package's access control and visibility; Approving workflow runs from public forks
-- version: 1

with access as (
    select *
    from package_access
),

listed as (
    select *
    from packages
),

routes as (
    select *
    from fork_routes
),

editions as (
    select
        current_run.org,
        bool_or(registry_kinds.has_public_repositories) as has_public_repositories
    from current_run
    join registry_kinds using (edition)
    group by current_run.org
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

public_repositories as (
    select
        org,
        count(*) as public_count
    from repositories
    where visibility = 'public'
    group by org
),

-- Each public repository that some evidence lets in, and how far a fork's pull request gets there.
chains as (
    select
        access.org,
        access.package_id,
        access.repository_id,
        access.role,
        access.level,
        access.kinds,
        routes.repository,
        routes.severity,
        routes.severity_rank,
        routes.detail,
        routes.forks_count,
        list_contains(access.kinds, 'probe_from_fork') as confirmed,
        case access.level when 'proven' then 4 when 'declared' then 3 when 'implied' then 2 else 1 end
            as level_rank
    from access
    join routes using (org, repository_id)
    where access.role <> 'none'
        and not access.contradicted
),

-- The words of each chain, from the evidence that stands.
evidence_texts as (
    select
        chains.org,
        chains.package_id,
        chains.repository_id,
        list(
            {'kind': access_evidence.kind, 'text': access_evidence.detail, 'level': access_evidence.level}
            order by access_evidence.kind, access_evidence.detail
        ) as texts
    from chains
    join access_evidence
        on chains.org = access_evidence.org
        and chains.package_id = access_evidence.package_id
        and chains.repository_id = access_evidence.repository_id
        and access_evidence.polarity = 'grants'
        and list_contains(chains.kinds, access_evidence.kind)
    group by chains.org, chains.package_id, chains.repository_id
),

-- Severity and level are never mixed: the worst route first, then the best known among those.
exposures as (
    select
        chains.org,
        chains.package_id,
        count(*) as repository_count,
        bool_or(chains.confirmed) as confirmed,
        bool_or(list_contains(chains.kinds, 'connected_repository')) as by_default,
        bool_and(chains.kinds = ['connected_later']) as only_connected,
        sum(chains.forks_count)::bigint as forks_count,
        max_by(chains.severity, chains.severity_rank) as severity,
        max(chains.severity_rank * 10 + chains.level_rank) % 10 as level_rank,
        list(chains.repository order by chains.severity_rank desc, chains.level_rank desc, chains.repository)
            as repository_names,
        list(
            {'repository': chains.repository, 'role': chains.role, 'route': chains.severity}
            order by chains.repository
        ) as bound,
        flatten(list(
            list_concat(
                list_transform(
                    evidence_texts.texts,
                    lambda item: {
                        'kind': item.kind,
                        'text': item.text,
                        'level': item.level,
                        'request_id': null::varchar
                    }
                ),
                [{'kind': 'fork_route', 'text': chains.detail, 'level': 'proven', 'request_id': null::varchar}]
            )
            order by chains.severity_rank desc, chains.level_rank desc, chains.repository
        )) as hops
    from chains
    join evidence_texts using (org, package_id, repository_id)
    group by chains.org, chains.package_id
),

contradictions as (
    select
        access.org,
        access.package_id,
        min(routes.repository) as repository
    from access
    join routes using (org, repository_id)
    where access.contradicted
    group by access.org, access.package_id
),

-- Evidence that speaks of a repository, not only of the visibility.
specific_evidence as (
    select distinct
        org,
        package_id
    from access
    where repository_id is not null
        and role <> 'none'
),

-- Whether the connected repository still gets in by default, or a declaration or a probe says no.
default_standing as (
    select
        listed.org,
        listed.package_id,
        not coalesce(
            list_has_any(access.overruled_kinds, ['connected_repository', 'connected_later']), false
        ) as stands
    from listed
    left join access
        on listed.org = access.org
        and listed.package_id = access.package_id
        and listed.repository_id = access.repository_id
),

declarations as (
    select
        package_declarations.org,
        package_declarations.package_id,
        bool_or(package_declarations.complete and not package_declarations.expired) as complete,
        bool_or(package_declarations.expired) as expired,
        coalesce(bool_or(package_declarations.inherits = false and not package_declarations.expired), false)
            as inherits_nothing,
        min(package_declarations.repository) filter (
            where not package_declarations.expired
                and package_declarations.repository <> ''
                and package_declarations.role <> 'none'
                and repositories.repository_id is null
        ) as unlisted_repository
    from package_declarations
    left join repositories
        on package_declarations.org = repositories.org
        and lower(package_declarations.repository) = lower(repositories.repository)
    group by package_declarations.org, package_declarations.package_id
),

refusals as (
    select
        probe_answers.org,
        probe_answers.package_id,
        count(distinct probe_answers.repository_id) as refused_count
    from probe_answers
    join repositories using (org, repository_id)
    where repositories.visibility = 'public'
        and not probe_answers.granted
        and not probe_answers.from_fork
        and not probe_answers.expired
    group by probe_answers.org, probe_answers.package_id
),

facts as (
    select
        listed.*,
        editions.has_public_repositories,
        coalesce(repository_lists.readable, false) as list_readable,
        coalesce(repository_lists.reason_code, 'not_collected') as list_reason,
        coalesce(public_repositories.public_count, 0) as public_count,
        exposures.repository_count,
        exposures.confirmed,
        exposures.by_default,
        exposures.only_connected,
        exposures.forks_count,
        exposures.severity as route_severity,
        exposures.level_rank,
        exposures.repository_names,
        exposures.bound,
        exposures.hops as chain_hops,
        contradictions.repository as contradicted_repository,
        specific_evidence.package_id is not null as has_specific_evidence,
        default_standing.stands as default_stands,
        coalesce(declarations.complete, false) as declared_complete,
        coalesce(declarations.expired, false) as declaration_expired,
        coalesce(declarations.inherits_nothing, false) as inherits_nothing,
        declarations.unlisted_repository,
        coalesce(refusals.refused_count, 0) as refused_count
    from listed
    left join editions using (org)
    left join repository_lists using (org)
    left join public_repositories using (org)
    left join exposures using (org, package_id)
    left join contradictions using (org, package_id)
    left join specific_evidence using (org, package_id)
    left join default_standing using (org, package_id)
    left join declarations using (org, package_id)
    left join refusals using (org, package_id)
),

-- The first case that holds decides; verdict and reason are read off it below.
decided as (
    select
        *,
        case
            when registry_kind = 'unavailable' then 'registry_unavailable'
            when registry_kind = 'repository_scoped' then 'repository_scoped'
            when stale then 'package_stale'
            when not has_public_repositories then 'no_public_edition'
            when visibility = 'public' then 'public_package'
            when repository_count > 0 and list_reason = 'stale' then 'list_stale'
            when repository_count > 0 then 'exposed'
            when contradicted_repository is not null then 'contradicted'
            when visibility = 'internal' and connection = 'none' and not has_specific_evidence
                then 'internal_by_visibility'
            when list_readable and public_count = 0 then 'no_public_repository'
            when public_count > 0 and list_readable and refused_count >= public_count then 'all_refused'
            -- A connected repository gets in by default, so where it can't be told whether it is public, nothing can.
            when connection = 'unknown' and not inherits_nothing then 'connection_unread'
            when repository_state = 'not_listed' and default_stands and not list_readable then 'repository_unlisted'
            when declared_complete and unlisted_repository is not null then 'declared_unlisted'
            when declared_complete and list_readable then 'declared_without_public'
            when not list_readable and public_count = 0 then 'list_unread'
            when declared_complete then 'list_unread'
            when declaration_expired then 'declaration_expired'
            else 'no_api'
        end as case_name
    from facts
),

worded as (
    select
        *,
        case
            when case_name in (
                'registry_unavailable', 'repository_scoped', 'no_public_edition', 'public_package',
                'internal_by_visibility'
            ) then 'not_applicable'
            when case_name = 'exposed' then 'fail'
            when case_name in ('no_public_repository', 'all_refused', 'declared_without_public') then 'pass'
            else 'unknown'
        end as verdict,
        concat(upper(visibility[1]), visibility[2:], ' package ', subject) as thing,
        concat(
            array_to_string(repository_names[1:3], ', '),
            case when repository_count > 3 then concat(' and ', repository_count - 3, ' more') else '' end
        ) as names
    from decided
)

select
    org,
    subject,
    verdict,
    case case_name
        when 'package_stale' then 'stale'
        when 'list_stale' then 'stale'
        when 'contradicted' then 'contradicted'
        when 'connection_unread' then connection_reason
        when 'repository_unlisted' then list_reason
        when 'list_unread' then list_reason
        when 'declared_unlisted' then 'not_collected'
        when 'declaration_expired' then 'declaration_expired'
        when 'no_api' then 'no_api'
    end as reason_code,
    case when verdict = 'fail' then route_severity end as severity,
    case case_name
        when 'exposed'
            then case level_rank when 4 then 'proven' when 3 then 'declared' when 2 then 'implied' else 'suggested' end
        when 'no_public_repository' then 'proven'
        when 'all_refused' then 'proven'
        when 'declared_without_public' then 'declared'
    end as evidence_level,
    case case_name
        when 'registry_unavailable' then concat('This edition of GitHub has no registry for ', subject, '.')
        when 'repository_scoped' then concat(
            subject, ' is in a repository-scoped registry, so its visibility and access are those of ',
            coalesce(repository, 'its repository'), '.'
        )
        when 'package_stale' then concat(thing, ' was not listed again for longer than facts may age.')
        when 'no_public_edition' then concat(
            'This edition of GitHub has no public repositories, so no stranger can fork one that uses ', subject, '.'
        )
        when 'public_package' then concat(subject, ' is public: everyone may read it anyway.')
        when 'list_stale' then concat(
            thing, ' has evidence of access from ', names, ', but the list of repositories is too old to be believed.'
        )
        when 'exposed' then concat(
            thing,
            -- The verb claims no more than the level does.
            case
                when level_rank = 4 then ' can be read by'
                when level_rank = 3 then ' is declared open to'
                when level_rank = 1 and only_connected then ' is connected to, and perhaps open to,'
                when level_rank = 1 then ' is named by'
                when by_default then ' is by default open to'
                else ' was seen used by'
            end,
            ' workflows of the public repositor',
            case when repository_count = 1 then 'y ' else 'ies ' end, names,
            case
                when confirmed then '; a probe from a fork could read it'
                else concat(
                    ', and so perhaps by pull requests from ',
                    case
                        when forks_count = 0 then 'forks (there are none now)'
                        when forks_count = 1 then 'the 1 fork'
                        else concat('the ', forks_count, ' forks')
                    end,
                    ': exposed according to GitHub''s warning, not confirmed'
                )
            end,
            case
                when route_severity = 'low'
                    then ' (low because no fork''s workflow runs there; assumes the pull request route)'
                else ''
            end,
            '.'
        )
        when 'contradicted' then concat(
            thing, ' is declared closed to ', contradicted_repository,
            ', but a workflow of that public repository was seen using it.'
        )
        when 'internal_by_visibility' then concat(
            thing, ' has no evidence of access beside its visibility, which PKG014 judges for the whole organization.'
        )
        when 'no_public_repository' then concat(
            'The organization''s complete list of repositories holds no public one that could be granted ', subject, '.'
        )
        when 'all_refused' then concat(
            'The GITHUB_TOKEN of each of the ', public_count, ' public repositories was refused ', subject, '.'
        )
        when 'connection_unread' then concat(
            'Which repository ', subject, ' is connected to could not be read (', connection_reason, ').'
        )
        when 'repository_unlisted' then concat(
            thing, ' is connected to ', coalesce(repository, 'a repository'),
            ', which is not in the incomplete list of repositories, so whether it is public is not known.'
        )
        when 'declared_unlisted' then concat(
            'The declared access list of ', subject, ' names ', unlisted_repository,
            ', which is not among the repositories that were listed.'
        )
        when 'declared_without_public' then concat(
            'The complete declared access list of ', subject, ' holds no public repository.'
        )
        when 'list_unread' then concat(
            'The list of repositories could not be read whole (', list_reason, '), so whether a public one may use ',
            subject, ' is not known.'
        )
        when 'declaration_expired' then concat('The declared access list of ', subject, ' has expired.')
        else concat(
            'No API tells which repositories may use ', subject,
            case
                when connection = 'connected'
                    then concat(
                        '; it is connected to the ', coalesce(concat(repository_visibility, ' '), ''), 'repository ',
                        repository
                    )
                when connection = 'none' then '; it is connected to no repository'
                else ''
            end,
            '.'
        )
    end as reason,
    case when verdict = 'fail' then repository_names[1] else repository end as repository,
    subject as package,
    null::varchar as path,
    null::integer as line,
    package_type as registry,
    null::varchar as credential,
    null::varchar as secret,
    to_json(
        case
            when verdict = 'fail' then list_concat(
                [
                    {
                        'kind': 'package',
                        'text': concat(subject, ' is ', visibility, '.'),
                        'level': 'proven',
                        'request_id': request_id
                    }
                ],
                chain_hops,
                [
                    {
                        'kind': 'forks',
                        'text': case
                            when confirmed then 'A probe from a fork could read the package.'
                            else 'GitHub warns that forks of a public repository with access may be able to read it.'
                        end,
                        'level': case when confirmed then 'proven' end,
                        'request_id': null::varchar
                    }
                ]
            )
            else []
        end
    ) as hops,
    case when verdict = 'fail' then to_json({'visibility': visibility, 'repositories': bound}) end as evidence
from worded
