-- declared_grants: one row an answer that a person read off a package's settings page.
create or replace view declared_grants as
select
    declared_grant.org,
    declared_grant.package_type,
    declared_grant.package_name,        -- a glob where the row is one
    contains(declared_grant.package_name, '*') or contains(declared_grant.package_name, '?') as is_glob,
    declared_grant.repository,          -- owner/name; '' in a row that only says whether the list is complete
    declared_grant.role,                -- read | write | admin | none; null: not answered, which is not "none"
    declared_grant.complete,            -- with its sibling rows it is the whole list
    declared_grant.inherits,            -- null: not answered
    declared_grant.declared_by,
    declared_grant.declared_at,
    declared_grant.expires_at,
    declared_grant.expires_at < current_run.as_of::date as expired,
    declared_grant.source
from declared_grant
join current_run using (org)
join run_horizon using (org)
where run_horizon.until is null
    or declared_grant.declared_at <= run_horizon.until::date;
