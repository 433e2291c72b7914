-- package_list: one row a package, as the report lists it.
select
    org,
    subject,
    package_type,
    name,
    registry_kind,
    visibility,
    connection,
    connection_reason,
    repository,
    repository_visibility,
    repository_state,
    version_count,
    strftime(created_at, '%Y-%m-%d') as created,
    strftime(coalesce(newest_version_at, updated_at), '%Y-%m-%d') as updated,
    html_url,
    settings_url,
    strftime(observed_at, '%Y-%m-%dT%H:%M:%SZ') as observed
from packages
