-- coverage_shares: one row an organization, the three shares of coverage and the counts behind them.
with listed_packages as (
    select
        org,
        count(*) as seen
    from packages
    group by org
),

listed_repositories as (
    select
        org,
        sum(seen) as seen,
        sum(expected) as expected
    from coverage_now
    where family = 'repositories'
    group by org
)

select
    s.org,
    s.coverage,
    s.packages_share,
    coalesce(p.seen, 0) as packages_seen,
    -- GitHub tells no total; where every sweep was read, what was seen is all there is.
    case when s.packages_share >= 1 then coalesce(p.seen, 0) end as packages_expected,
    s.repositories_share,
    cast(coalesce(r.seen, 0) as bigint) as repositories_seen,
    cast(coalesce(r.expected, case when s.repositories_share >= 1 then r.seen end) as bigint) as repositories_expected,
    s.workflow_files_share,
    s.files_read as workflow_files_seen,
    -- A tree that was not read hides an unknown number of files.
    case when s.trees_read >= s.trees_wanted then s.files_wanted end as workflow_files_expected,
    s.trees_read,
    s.trees_wanted,
    s.trees_left_out
from coverage_summary as s
left join listed_packages as p on s.org = p.org
left join listed_repositories as r on s.org = r.org
