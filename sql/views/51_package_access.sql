-- package_access: one row a package and a repository that some evidence speaks of, what its workflows may do there,
-- and how we know.
-- repository_id null: every repository that the visibility admits.
create or replace view package_access as
with rated as (
    select
        *,
        coalesce(repository_id, 0) as repository_key,
        case role when 'admin' then 3 when 'write' then 2 else 1 end as role_rank,
        case level when 'proven' then 4 when 'declared' then 3 when 'implied' then 2 else 1 end as level_rank,
        kind in ('workflow_run', 'audit_publish', 'attestation') as is_use
    from access_evidence
),

-- The newest denial of each kind, package and repository.
denials as (
    select
        org,
        package_id,
        repository_key,
        max(observed_at) filter (where kind = 'probe') as probe_denied_at,
        max(observed_at) filter (where kind = 'declared_none') as declared_none_at,
        max(observed_at) filter (where kind = 'declared_not_inherited') as not_inherited_at
    from rated
    where polarity = 'denies'
    group by org, package_id, repository_key
),

-- What overrules what: a declaration a default, a probe both unless the declaration is younger, nothing an
-- observed use. A denial never touches what the visibility or a repository-scoped registry proves.
weighed as (
    select
        rated.*,
        case
            when rated.kind in ('connected_repository', 'connected_later') then
                denials.not_inherited_at is not null
                or denials.declared_none_at is not null
                or denials.probe_denied_at is not null
            when rated.kind = 'workflow_reference' then
                denials.declared_none_at is not null or denials.probe_denied_at is not null
            when rated.kind = 'declared_grant' then
                coalesce(denials.probe_denied_at >= rated.observed_at, false)
                or coalesce(denials.declared_none_at > rated.observed_at, false)
            else false
        end as overruled,
        rated.is_use
        and (denials.declared_none_at is not null or denials.probe_denied_at is not null) as contradicted
    from rated
    left join denials
        on rated.org = denials.org
        and rated.package_id = denials.package_id
        and rated.repository_key = denials.repository_key
),

summed as (
    select
        org,
        package_id,
        repository_key,
        min(repository_id) as repository_id,
        max(role_rank) filter (where polarity = 'grants' and not overruled) as role_rank,
        max(level_rank) filter (where polarity = 'grants' and not overruled) as level_rank,
        -- The best level among the evidence for the strongest role.
        max(role_rank * 10 + level_rank) filter (where polarity = 'grants' and not overruled) % 10 as role_level_rank,
        list(distinct kind order by kind) filter (where polarity = 'grants' and not overruled) as kinds,
        list(distinct kind order by kind) filter (where polarity = 'denies') as denied_by,
        list(distinct kind order by kind) filter (where polarity = 'grants' and overruled) as overruled_kinds,
        -- Nothing but contradicted uses speaks for it.
        coalesce(bool_and(contradicted) filter (where polarity = 'grants' and not overruled), false) as contradicted,
        max(observed_at) as observed_at
    from weighed
    group by org, package_id, repository_key
)

select
    org,
    package_id,
    repository_id,
    case role_rank when 3 then 'admin' when 2 then 'write' when 1 then 'read' else 'none' end
        as role,                -- the strongest; none: all that grants it is overruled
    case role_level_rank when 4 then 'proven' when 3 then 'declared' when 2 then 'implied' when 1 then 'suggested' end
        as role_level,          -- how well that role is known
    case level_rank when 4 then 'proven' when 3 then 'declared' when 2 then 'implied' when 1 then 'suggested' end
        as level,               -- how well it is known that there is any access
    coalesce(kinds, []) as kinds,
    coalesce(denied_by, []) as denied_by,
    coalesce(overruled_kinds, []) as overruled_kinds,
    contradicted,               -- a person or a probe says no, an observed use says yes
    observed_at
from summed;
