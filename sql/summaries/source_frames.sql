-- source_frames: one row a line that a finding points at, with the two lines before and after it.
-- A workflow is shown in such frames only, never whole; literal credentials were masked before it was stored.
with pointed as (
    select distinct
        v.org,
        w.blob_sha,
        v.repository,
        v.path,
        v.line
    from verdicts as v
    inner join workflow_files as w on v.org = w.org and v.repository = w.repository and v.path = w.path
    where v.verdict in ('fail', 'unknown') and v.line > 0 and w.blob_sha is not null
),

texts as (
    select
        blob_sha,
        string_split(rtrim(try(decode(content)), chr(10)), chr(10)) as lines
    from blob
    where blob_sha in (select blob_sha from pointed)
)

select
    p.org,
    p.repository,
    p.path,
    p.line,
    p.blob_sha,
    greatest(p.line - 2, 1) as first_line,
    list_transform(
        list_slice(t.lines, greatest(p.line - 2, 1), p.line + 2),
        lambda x: left(rtrim(replace(x, chr(9), '    '), chr(13)), 240)
    ) as lines
from pointed as p
inner join texts as t on p.blob_sha = t.blob_sha
where t.lines is not null and p.line <= len(t.lines)
