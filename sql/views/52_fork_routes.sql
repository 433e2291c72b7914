-- fork_routes: one row a public repository; says how far the pull request of a stranger's fork gets there.
-- Only what can be read and what a fork cannot change counts as a mitigation. The workflow's own permissions, the
-- number of forks, and allow_forking (which is about private forks) are none.
create or replace view fork_routes as
with strangers_events as (
    -- A stranger can start a workflow that stands in his own pull request by each of these.
    select ['pull_request', 'pull_request_review', 'pull_request_review_comment'] as names
),

blocking as (
    select
        event_policies.org,
        event_policies.repository_id,
        min(event_policies.name) as policy
    from event_policies
    cross join strangers_events
    where not list_has_any(event_policies.allowed_events, strangers_events.names)
    group by event_policies.org, event_policies.repository_id
),

judged as (
    select
        repositories.*,
        coalesce(own.policy, everywhere.policy) as blocked_by,
        case
            when repositories.archived then 'archived'
            when not repositories.actions_enabled then 'actions_disabled'
            when repositories.pull_request_creation_policy = 'collaborators_only' then 'collaborators_only'
            when coalesce(own.policy, everywhere.policy) is not null then 'event_blocked'
            -- The organization's approval policy is a default that a repository may weaken, so only its own counts.
            when repositories.approval_policy = 'all_external_contributors'
                and repositories.approval_policy_source = 'repository' then 'approval'
            else 'open'
        end as route
    from repositories
    left join blocking as own
        on repositories.org = own.org
        and repositories.repository_id = own.repository_id
    left join blocking as everywhere
        on repositories.org = everywhere.org
        and everywhere.repository_id = 0
    where repositories.visibility = 'public'
)

select
    org,
    repository_id,
    repository,
    route,                      -- open | approval | archived | actions_disabled | collaborators_only | event_blocked
    case route when 'open' then 'high' when 'approval' then 'medium' else 'low' end as severity,
    case route when 'open' then 3 when 'approval' then 2 else 1 end as severity_rank,
    case route
        when 'open' then concat(
            'A pull request from a fork of ', repository, ' can run workflows there',
            case
                when actions_enabled is null then '; its Actions settings were not read.'
                when approval_policy is null then '; its approval policy was not read.'
                when approval_policy_source = 'organization' then '; its own approval policy was not read.'
                when approval_policy = 'first_time_contributors_new_to_github'
                    then ', without approval unless its author is new to GitHub.'
                when approval_policy = 'first_time_contributors'
                    then ', without approval unless its author never contributed.'
                else '.'
            end
        )
        when 'approval'
            then concat('Every outsider''s pull request to ', repository, ' needs approval before workflows run.')
        when 'archived'
            then concat(repository, ' is archived, so no workflow runs there (assumes the pull request route).')
        when 'actions_disabled'
            then concat('Actions is disabled in ', repository, ' (assumes the pull request route).')
        when 'collaborators_only'
            then concat(
                'Only collaborators can open pull requests in ', repository, ' (assumes the pull request route).'
            )
        else concat(
            'The Actions policy "', blocked_by, '" blocks pull request events in ', repository,
            ' (assumes the pull request route).'
        )
    end as detail,
    coalesce(forks_count, 0) as forks_count,
    stale
from judged;
