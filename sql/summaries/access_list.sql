-- access_list: one row a package and a repository that some evidence speaks of.
select
    a.org,
    p.subject as package,
    coalesce(r.repository, '') as repository,
    r.visibility as repository_visibility,
    a.role,
    coalesce(a.role_level, a.level) as level,
    array_to_string(a.kinds, ', ') as kinds,
    array_to_string(a.denied_by, ', ') as denied_by,
    a.contradicted,
    strftime(a.observed_at, '%Y-%m-%d') as observed
from package_access as a
inner join packages as p on a.org = p.org and a.package_id = p.package_id
left join repositories as r on a.org = r.org and a.repository_id = r.repository_id
