-- reference_list: one row a place where a workflow names a package of the organization.
select
    org,
    package,
    operation,
    repository,
    path,
    job,
    line,
    kind,
    reference
from package_references
where package is not null
