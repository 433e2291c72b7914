-- coverage_summary: one row an organization, how much of it was listed and read.
-- What no API tells, and settings and secrets that a budget left out, are no part of it.
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

trees as (
    select
        repositories.org,
        count(*) as wanted,
        count(*) filter (where coverage_now.readable) as read
    from repositories
    left join coverage_now
        on coverage_now.family = 'workflow_trees'
        and repositories.org = coverage_now.org
        and coverage_now.subject = repositories.repository_id::varchar
    group by repositories.org
),

files as (
    select
        org,
        count(*) as wanted,
        -- A file that does not parse was read; that it says nothing is an unknown of the rules.
        count(*) filter (where status in ('read', 'parse_error') and not stale) as read
    from workflow_files
    where kind in ('workflow', 'action', 'dependabot')
        -- Symbolic links and submodules are nothing to read; a file that was too large is.
        and (status <> 'skipped' or reason = 'too_large')
    group by org
),

shares as (
    select
        current_run.org,
        coalesce(list_shares.packages_share, 0.0) as packages_share,
        coalesce(list_shares.repositories_share, 0.0) as repositories_share,
        -- A tree that was not read hides its files, so both shares count.
        case
            when trees.wanted is null then coalesce(list_shares.repositories_share, 0.0)
            else least(trees.read / trees.wanted, coalesce(files.read / files.wanted, 1.0))
        end as workflow_files_share,
        coalesce(trees.wanted, 0) as trees_wanted,
        coalesce(trees.read, 0) as trees_read,
        coalesce(files.wanted, 0) as files_wanted,
        coalesce(files.read, 0) as files_read
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
    files_read
from shares;
