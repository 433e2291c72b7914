-- repositories_history: one row a repository and a span of nights through which nothing about it changed.
create or replace view repositories_history as
select
    repository.org,
    repository.repository_id,
    repository.full_name as repository,
    repository.visibility,
    repository.archived,
    repository.default_branch,
    repository.pull_request_creation_policy,
    repository.valid_from_run,
    repository.valid_to_run,
    opened.as_of as since,
    closed.as_of as until               -- the first night it was otherwise or gone; null: it still is so
from repository
join run_times as opened
    on repository.org = opened.org
    and repository.valid_from_run = opened.run_id
left join run_times as closed
    on repository.org = closed.org
    and repository.valid_to_run = closed.run_id;
