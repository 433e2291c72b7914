-- repository_owners: one row a repository whose owner something names, and how that is known.
-- First hit wins: the custom property owner or team, then the one team that administers it.
with properties as (
    select
        p.org,
        p.repository_id,
        min_by(p.value, list_position(['owner', 'team', 'owning-team', 'owning_team'], lower(p.property_name))) as owner
    from repository_property as p
    inner join current_run as c on p.org = c.org
    where lower(p.property_name) in ('owner', 'team', 'owning-team', 'owning_team')
        and coalesce(p.value, '') <> ''
        and p.valid_from_run <= c.run_id
        and (p.valid_to_run is null or c.run_id < p.valid_to_run)
    group by p.org, p.repository_id
),

teams as (
    select
        t.org,
        t.repository_id,
        min(t.team_slug) as owner
    from team_repository as t
    inner join current_run as c on t.org = c.org
    where t.role = 'admin'
        and t.valid_from_run <= c.run_id
        and (t.valid_to_run is null or c.run_id < t.valid_to_run)
    group by t.org, t.repository_id
    having count(distinct t.team_slug) = 1
)

select
    r.org,
    r.repository_id,
    r.repository,
    coalesce(p.owner, t.owner) as owner,
    case when p.owner is not null then 'custom property' else 'team with admin' end as source
from repositories as r
left join properties as p on r.org = p.org and r.repository_id = p.repository_id
left join teams as t on r.org = t.org and r.repository_id = t.repository_id
where coalesce(p.owner, t.owner) is not null
