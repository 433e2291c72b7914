-- package_rights: one row a package and a right (download, upload, delete): whose workflows have it, by GitHub's own
-- table, and how many repositories some evidence names for it.
-- GitHub Docs, "Publishing and installing a package with GitHub Actions".
create or replace view package_rights as
with rights as (
    select
        right_name,
        role,
        rank
    from (
        values
        ('download', 'read', 1),
        ('upload', 'write', 2),
        ('delete', 'admin', 3)
    ) as listed (right_name, role, rank)
),

-- The documented table; a declaration, a connection or a probe only says whom "granted" means.
admitted as (
    select
        packages.org,
        packages.package_id,
        packages.subject,
        packages.visibility,
        packages.registry_kind,
        packages.repository,
        rights.right_name,
        rights.role,
        rights.rank,
        case
            when packages.registry_kind = 'unavailable' then 'nobody'
            when packages.registry_kind = 'repository_scoped' then 'repository'
            when rights.right_name = 'download' and packages.visibility = 'public' then 'everybody'
            when rights.right_name = 'download' and packages.visibility = 'internal' then 'enterprise'
            else 'granted'
        end as who
    from packages
    cross join rights
),

known as (
    select
        package_access.org,
        package_access.package_id,
        case package_access.role when 'admin' then 3 when 'write' then 2 when 'read' then 1 else 0 end as rank,
        coalesce(repositories.visibility = 'public', false) as is_public
    from package_access
    left join repositories
        on package_access.org = repositories.org
        and package_access.repository_id = repositories.repository_id
    where package_access.repository_id is not null
        and not package_access.contradicted
),

counted as (
    select
        admitted.org,
        admitted.package_id,
        admitted.right_name,
        count(known.rank) as repository_count,
        count(known.rank) filter (where known.is_public) as public_count
    from admitted
    left join known
        on admitted.org = known.org
        and admitted.package_id = known.package_id
        and known.rank >= admitted.rank
    group by admitted.org, admitted.package_id, admitted.right_name
)

select
    admitted.org,
    admitted.package_id,
    admitted.subject,
    admitted.visibility,
    admitted.right_name,                -- download | upload | delete
    admitted.role,                      -- that a repository needs for it: read | write | admin
    admitted.who,                       -- everybody | enterprise | granted | repository | nobody
    case admitted.who
        when 'everybody' then 'Workflows of every repository may download a public package.'
        when 'enterprise' then 'Workflows of every repository of the enterprise may download an internal package.'
        when 'granted' then concat(
            'Only workflows of repositories with the role ', admitted.role, ' may ', admitted.right_name, ' it.'
        )
        when 'repository' then concat(
            'Whose workflows may ', admitted.right_name, ' it, ',
            coalesce(admitted.repository, 'its repository'), ' decides.'
        )
        else 'This edition of GitHub has no such registry.'
    end as rule,
    counted.repository_count,           -- repositories that some evidence names for it; there may be more
    counted.public_count                -- public ones among them
from admitted
join counted using (org, package_id, right_name);
