-- package_declarations: one row a package and a declared answer that speaks of it, by name or by glob.
create or replace view package_declarations as
with named as (
    select
        org,
        package_id,
        package_type,
        lower(name) as name_key
    from packages
)

select
    named.package_id,
    declared_grants.*
from declared_grants
join named
    on declared_grants.org = named.org
    and declared_grants.package_type = named.package_type
    and lower(declared_grants.package_name) = named.name_key
union
-- Globs are few; names are not compared with them one by one.
select
    named.package_id,
    declared_grants.*
from declared_grants
join named
    on declared_grants.org = named.org
    and declared_grants.package_type = named.package_type
    and declared_grants.is_glob
    and named.name_key glob lower(declared_grants.package_name);
