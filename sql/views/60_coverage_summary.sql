-- coverage_summary: one row an organization, how much of it was listed and read.
-- What no API tells, settings and secrets that a budget left out, and repositories that --include, --exclude or
-- --repos-from left out on purpose are no part of it; how many the latter are stands beside it.
create or replace view coverage_summary as
with sweeps as (
    select
        org,
        family,
        readable,
        status,
        coalesce(seen, 0) as seen,
        expected
    from coverage_now
    where family in ('packages', 'repositories')
        and status <> 'unavailable'
),

-- A sweep that was denied counts as nothing read, and so does one that broke off where nothing tells how long it is.
sweep_shares as (
    select
        org,
        family,
        case
            when readable and seen >= coalesce(expected, 0) then 1.0
            when (readable or status = 'partial') and expected is not null then seen / greatest(expected, seen + 1)
            else 0.0
        end as share
    from sweeps
),

list_shares as (
    select
        org,
        -- A type or visibility that was not read may hold any number: each sweep is weighed the same.
        avg(share) filter (where family = 'packages') as packages_share,
        avg(share) filter (where family = 'repositories') as repositories_share
    from sweep_shares
    group by org
),

asked as (
    select
        repositories.org,
        repositories.repository_id,
        coalesce(coverage_now.readable, false) as readable,
        -- The sentence of collector/walk/trees.py; what an earlier run read there counts as long as it is believed.
        not readable and coalesce(starts_with(coverage_now.detail, 'It is outside the scope of this run'), false)
            as left_out
    from repositories
    left join coverage_now
        on coverage_now.family = 'workflow_trees'
        and repositories.org = coverage_now.org
        and coverage_now.subject = repositories.repository_id::varchar
),

trees as (
    select
        org,
        count(*) filter (where not left_out) as wanted,
        count(*) filter (where readable) as read,
        count(*) filter (where left_out) as left_out
    from asked
    group by org
),

files as (
    select
        workflow_files.org,
        count(*) as wanted,
        -- A file that does not parse was read; that it says nothing is an unknown of the rules.
        count(*) filter (where workflow_files.status in ('read', 'parse_error') and not workflow_files.stale) as read
    from workflow_files
    left join asked using (org, repository_id)
    where workflow_files.kind in ('workflow', 'action', 'dependabot')
        -- Symbolic links and submodules are nothing to read; a file that was too large is.
        and (workflow_files.status <> 'skipped' or workflow_files.reason = 'too_large')
        and not coalesce(asked.left_out, false)
    group by workflow_files.org
),

shares as (
    select
        current_run.org,
        coalesce(list_shares.packages_share, 0.0) as packages_share,
        coalesce(list_shares.repositories_share, 0.0) as repositories_share,
        -- A tree that was not read hides its files, so both shares count.
        case
            when trees.wanted is null then coalesce(list_shares.repositories_share, 0.0)
            -- A glob that matches nothing is no way to 100 %.
            when trees.wanted = 0 then 0.0
            else least(trees.read / trees.wanted, coalesce(files.read / files.wanted, 1.0))
        end as workflow_files_share,
        coalesce(trees.wanted, 0) as trees_wanted,
        coalesce(trees.read, 0) as trees_read,
        coalesce(files.wanted, 0) as files_wanted,
        coalesce(files.read, 0) as files_read,
        coalesce(trees.left_out, 0) as trees_left_out
    from current_run
    left join list_shares using (org)
    left join trees using (org)
    left join files using (org)
)

select
    org,
    -- Each share is 0 to 1, never rounded up to 1.
    floor(packages_share * 1e6) / 1e6 as packages_share,
    floor(repositories_share * 1e6) / 1e6 as repositories_share,
    floor(workflow_files_share * 1e6) / 1e6 as workflow_files_share,
    floor(least(packages_share, repositories_share, workflow_files_share) * 1e6) / 1e6 as coverage,
    trees_wanted,
    trees_read,
    files_wanted,
    files_read,
    trees_left_out                  -- repositories outside the scope of the run, of which nothing believable is known
from shares;
