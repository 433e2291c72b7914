-- secrets_history: one row a stored secret and a span of nights through which its name and reach stayed the same.
create or replace view secrets_history as
select
    secret.org,
    secret.store,
    secret.scope,
    secret.repository_id,
    secret.environment,
    secret.name,
    secret.visibility,
    secret.updated_at,
    secret.valid_from_run,
    secret.valid_to_run,
    opened.as_of as since,
    closed.as_of as until               -- the first night it was otherwise or gone; null: it still is so
from secret
join run_times as opened
    on secret.org = opened.org
    and secret.valid_from_run = opened.run_id
left join run_times as closed
    on secret.org = closed.org
    and secret.valid_to_run = closed.run_id;
