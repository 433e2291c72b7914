-- changes: one row an organization that has a baseline: what happened to its findings since the run before.
-- A finding that could not be examined this time is neither fixed nor gone.
with baseline as (
    select
        j.org,
        max(j.judgement_id) as judgement_id,
        max_by(j.as_of, j.judgement_id) as as_of
    from judgement as j
    inner join current_run as c on j.org = c.org
    where j.run_id < c.run_id
    group by j.org
),

severity_rank as (
    select
        ranks.severity,
        ranks.place
    from (values ('critical', 0), ('high', 1), ('medium', 2), ('low', 3)) as ranks (severity, place)
),

before as (
    select
        h.org,
        h.fingerprint,
        s.place
    from verdict as h
    inner join baseline as b on h.org = b.org
    left join severity_rank as s on h.severity = s.severity
    where h.verdict = 'fail'
        and h.valid_from_judgement <= b.judgement_id
        and (h.valid_to_judgement is null or h.valid_to_judgement > b.judgement_id)
),

now as (
    select
        v.org,
        v.fingerprint,
        v.verdict,
        v.first_seen,
        s.place
    from verdicts as v
    left join severity_rank as s on v.severity = s.severity
),

compared as (
    select
        coalesce(n.org, b.org) as org,
        n.verdict,
        n.first_seen,
        b.fingerprint is not null as failed_before,
        n.place as place_now,
        b.place as place_before
    from now as n
    full join before as b on n.org = b.org and n.fingerprint = b.fingerprint
)

select
    c.org,
    count(*) filter (where c.verdict = 'fail' and c.first_seen > b.as_of) as new,
    count(*) filter (where c.verdict = 'fail' and c.failed_before and c.place_now < c.place_before) as worse,
    count(*) filter (where c.verdict = 'fail' and c.failed_before and c.place_now > c.place_before) as better,
    count(*) filter (where c.failed_before and c.verdict in ('pass', 'not_applicable')) as fixed,
    count(*) filter (where c.failed_before and c.verdict is null) as gone,
    count(*) filter (where c.failed_before and c.verdict = 'unknown') as not_examined
from compared as c
inner join baseline as b on c.org = b.org
group by c.org
