-- coverage_history: one row an endpoint family, a subject and a span of nights through which it was answered alike.
create or replace view coverage_history as
select
    coverage.org,
    coverage.family,
    coverage.subject,
    coverage.status,
    coverage.http_status,
    coverage.reason,
    coverage.detail,
    coverage.seen,
    coverage.expected,
    coverage.valid_from_run,
    coverage.valid_to_run,
    opened.as_of as since,
    closed.as_of as until               -- the first night it was otherwise; null: it still is so
from coverage
join run_times as opened
    on coverage.org = opened.org
    and coverage.valid_from_run = opened.run_id
left join run_times as closed
    on coverage.org = closed.org
    and coverage.valid_to_run = closed.run_id;
