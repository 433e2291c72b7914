-- login_list: one row a place where a workflow authenticates at a GitHub Packages registry.
select
    org,
    subject,
    repository,
    repository_visibility,
    path,
    job,
    form,
    registry,
    host,
    credential,
    credential_name,
    expression,
    line,
    operation
from registry_logins
