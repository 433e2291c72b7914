-- event_policies: one row an active Actions policy that names the only events allowed, and the repository it holds in.
-- repository_id 0: every repository of the organization. A policy that is only evaluated, or that holds for some
-- workflow files, stops nobody and has no row.
create or replace view event_policies as
with stale_policies as (
    select
        org,
        family as coverage_family,
        subject as coverage_subject
    from coverage_now
    where stale
),

held as (
    select
        actions_policy.org,
        actions_policy.repository_id,
        actions_policy.name,
        actions_policy.source_type,
        coalesce(actions_policy.conditions, '{}'::json) as conditions,
        unnest(from_json(actions_policy.rules, '["json"]')) as rule
    from actions_policy
    join current_run using (org)
    anti join stale_policies using (org, coverage_family, coverage_subject)
    where actions_policy.enforcement = 'active'
        and actions_policy.valid_from_run <= current_run.run_id
        and (actions_policy.valid_to_run is null or current_run.run_id < actions_policy.valid_to_run)
),

restricting as (
    select
        *,
        from_json(rule -> '$.parameters.allowed_events', '["varchar"]') as allowed_events,
        coalesce(from_json(conditions -> '$.workflow_path.include', '["varchar"]'), ['~ALL']) as paths,
        coalesce(from_json(conditions -> '$.workflow_path.exclude', '["varchar"]'), []) as excepted_paths,
        from_json(conditions -> '$.repository_name.include', '["varchar"]') as names,
        coalesce(from_json(conditions -> '$.repository_name.exclude', '["varchar"]'), []) as excepted_names,
        from_json(conditions -> '$.repository_id.repository_ids', '["bigint"]') as ids
    from held
    where rule ->> '$.type' = 'restrict_action_events'
),

-- What holds for some files only can be gone round with another file.
whole as (
    select *
    from restricting
    where allowed_events is not null
        and list_contains(paths, '~ALL')
        and len(excepted_paths) = 0
),

-- A repository's own list holds there, whatever chose it; the organization's holds where its condition says so.
placed as (
    select
        org,
        repository_id,
        name,
        source_type,
        allowed_events
    from whole
    where repository_id <> 0
    union all
    select
        org,
        0 as repository_id,
        name,
        source_type,
        allowed_events
    from whole
    where repository_id = 0
        and ids is null
        and len(excepted_names) = 0
        and coalesce(list_contains(names, '~ALL'), not json_exists(conditions, '$.repository_property'))
    union all
    select
        org,
        unnest(ids) as repository_id,
        name,
        source_type,
        allowed_events
    from whole
    where repository_id = 0
        and ids is not null
)

select distinct
    org,
    repository_id,
    name,
    source_type,                -- Repository | Organization | Enterprise
    allowed_events
from placed;
