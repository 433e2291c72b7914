-- package_sweeps: one row a sweep of the package list: a type in a visibility, whether it was read, what it returned.
select
    org,
    split_part(subject, '/', 1) as package_type,
    split_part(subject, '/', 2) as visibility,
    status,
    coalesce(reason, '') as reason,
    coalesce(seen, 0) as seen
from coverage_now
where family = 'packages'
