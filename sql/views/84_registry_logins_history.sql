-- registry_logins_history: one row a registry login and a span of nights through which it stayed the same.
create or replace view registry_logins_history as
select
    registry_login.org,
    registry_login.repository_id,
    registry_login.path,
    registry_login.job,
    registry_login.form,
    registry_login.registry,
    registry_login.credential,
    registry_login.credential_name,
    registry_login.ordinal,
    registry_login.operation,
    registry_login.valid_from_run,
    registry_login.valid_to_run,
    opened.as_of as since,
    closed.as_of as until               -- the first night it was otherwise or gone; null: it still is so
from registry_login
join run_times as opened
    on registry_login.org = opened.org
    and registry_login.valid_from_run = opened.run_id
left join run_times as closed
    on registry_login.org = closed.org
    and registry_login.valid_to_run = closed.run_id;
