-- population: one row an organization, how many packages, repositories and registry logins were listed.
with package_counts as (
    select
        org,
        count(*) as packages,
        count(*) filter (where visibility = 'private') as private_packages,
        count(*) filter (where visibility = 'internal') as internal_packages,
        count(*) filter (where visibility = 'public') as public_packages
    from packages
    group by org
),

repository_counts as (
    select
        org,
        count(*) as repositories,
        count(*) filter (where visibility = 'public') as public_repositories
    from repositories
    group by org
),

login_counts as (
    select
        org,
        count(*) as logins
    from registry_logins
    group by org
)

select
    c.org,
    coalesce(p.packages, 0) as packages,
    coalesce(p.private_packages, 0) as private_packages,
    coalesce(p.internal_packages, 0) as internal_packages,
    coalesce(p.public_packages, 0) as public_packages,
    coalesce(r.repositories, 0) as repositories,
    coalesce(r.public_repositories, 0) as public_repositories,
    coalesce(l.logins, 0) as logins
from current_run as c
left join package_counts as p on c.org = p.org
left join repository_counts as r on c.org = r.org
left join login_counts as l on c.org = l.org
