-- probe_answers: one row a package and repository, the newest answer that its own GITHUB_TOKEN was given.
create or replace view probe_answers as
select
    probe_answer.org,
    probe_answer.package_id,
    probe_answer.repository_id,
    probe_answer.right_asked,           -- read
    probe_answer.granted,
    probe_answer.from_fork,             -- it was asked by a fork's pull request
    probe_answer.http_status,
    probe_answer.answered_at,
    probe_answer.expires_at,
    probe_answer.expires_at < current_run.as_of as expired,
    probe_answer.source
from probe_answer
join current_run using (org)
join run_horizon using (org)
where run_horizon.until is null
    or probe_answer.answered_at <= run_horizon.until
qualify row_number() over (
    partition by
        probe_answer.org, probe_answer.package_id, probe_answer.repository_id, probe_answer.right_asked,
        probe_answer.from_fork
    order by probe_answer.answered_at desc, probe_answer.granted desc, probe_answer.source
) = 1;
