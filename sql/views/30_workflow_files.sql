-- workflow_files: one row a workflow, action, dependabot.yml or other file that was looked at, and how reading it went.
create or replace view workflow_files as
with held as (
    select workflow_file.*
    from workflow_file
    join current_run using (org)
    where workflow_file.valid_from_run <= current_run.run_id
        and (workflow_file.valid_to_run is null or current_run.run_id < workflow_file.valid_to_run)
),

-- A text is parsed once a parser version; the newest parser is right.
parsed as (
    select
        blob_sha,
        kind,
        status,
        error_line,
        error
    from blob_facts
    qualify row_number() over (partition by blob_sha, kind order by parser_version desc) = 1
),

trees as (
    select
        org,
        try_cast(subject as bigint) as repository_id,
        stale
    from coverage_now
    where family = 'workflow_trees'
)

select
    held.org,
    held.repository_id,
    repositories.repository,
    held.path,
    held.kind,                  -- workflow | action | dependabot | codeowners | config
    regexp_matches(held.path, '\.ya?ml$') as is_root, -- false: a copy at another ref, which only callers run
    held.blob_sha,
    held.size,
    case when parsed.status = 'parse_error' then 'parse_error' else held.status end
        as status,              -- read | skipped | failed | parse_error
    coalesce(held.reason, parsed.error) as reason,
    parsed.error_line,
    coalesce(trees.stale, false) as stale, -- the repository's tree was not read for too long
    held.observed_at
from held
left join repositories
    on held.org = repositories.org
    and held.repository_id = repositories.repository_id
left join parsed
    on held.blob_sha = parsed.blob_sha
    and held.kind = parsed.kind
left join trees
    on held.org = trees.org
    and held.repository_id = trees.repository_id;
