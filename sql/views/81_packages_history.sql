-- packages_history: one row a package and a span of nights through which nothing about it changed.
create or replace view packages_history as
select
    package.org,
    package.package_id,
    concat(package.package_type, ':', package.org, '/', package.name) as subject,
    package.package_type,
    package.name,
    package.visibility,
    package.repository_id,
    package.repository_full_name as repository,
    package.valid_from_run,
    package.valid_to_run,
    opened.as_of as since,
    closed.as_of as until               -- the first night it was otherwise or gone; null: it still is so
from package
join run_times as opened
    on package.org = opened.org
    and package.valid_from_run = opened.run_id
left join run_times as closed
    on package.org = closed.org
    and package.valid_to_run = closed.run_id;
