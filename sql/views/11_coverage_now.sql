-- coverage_now: one row an endpoint family and subject, as the newest run left it.
create or replace view coverage_now as
with held as (
    select
        coverage.*,
        -- Lists of packages and repositories age faster: what is new must not stay unseen.
        current_run.as_of - to_days(case
            when coverage.family in ('packages', 'repositories') then settings.max_list_age_days
            else settings.max_fact_age_days
        end) as oldest_believed
    from coverage
    join current_run using (org)
    cross join settings
    where coverage.valid_from_run <= current_run.run_id
        and (coverage.valid_to_run is null or current_run.run_id < coverage.valid_to_run)
),

aged as (
    select
        *,
        coalesce(reason = 'stale', false)
        or coalesce(status in ('complete', 'carried') and observed_at < oldest_believed, false) as stale
    from held
)

select
    org,
    family,
    subject,
    status,
    http_status,
    reason,
    detail,
    seen,
    expected,
    credential,
    request_id,
    observed_at,
    stale,                          -- the answer is older than facts may be
    status in ('complete', 'carried') and not stale as readable, -- read whole, lately enough
    case                            -- why it is not readable, in the words of an unknown verdict; null: it is
        when stale then 'stale'
        when status in ('complete', 'carried') then null
        when reason is not null then reason
        when http_status = 403 then 'forbidden_403'
        when http_status = 404 then 'not_found_404'
        when status = 'denied' then 'forbidden_403'
        when status = 'partial' then 'truncated'
        when status = 'failed' then 'timeout'
        when status = 'unavailable' then 'no_api'
        else 'not_collected'
    end as reason_code
from aged;
