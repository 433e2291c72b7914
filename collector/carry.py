"""What tonight's coverage is, given last night's: an answer of then is carried until it is stale."""

from datetime import datetime

import duckdb

from collector.merge import close_orphan_coverage, merge_table
from collector.tables import COVERAGE, FAMILIES, LINK_FAMILY

# `p` is what stood before tonight, `t` what tonight says, `good` that p rests on a complete answer.
_SETTLE = """
create or replace temp table incoming_settled as
with prior as (
    select * from coverage where org = $org and valid_to_run is null and (family = $links) = $linking
),
paired as (
    select
        coalesce(t.family, p.family) as family,
        coalesce(t.subject, p.subject) as subject,
        t, p,
        t.status as tonight,
        coalesce(p.status in ('complete', 'carried') or p.reason = 'stale', false) as good,
        good and p.observed_at >= $as_of::timestamp - to_days(
            case when list_contains($lists, coalesce(t.family, p.family))
                then s.max_list_age_days else s.max_fact_age_days end
        ) as fresh
    from incoming_coverage t
    full outer join prior p on p.family = t.family and p.subject = t.subject
    cross join setting s
),
cased as (
    select *,
        case
            when tonight = 'unchanged' and good then 'confirmed'
            when tonight = 'complete' then 'told'
            when good and fresh then 'carried'
            when good then 'stale'
            when tonight is null then 'kept'
            else 'told'
        end as what
    from paired
)
select
    $org as org, family, subject,
    case what
        when 'confirmed' then 'complete'
        when 'carried' then 'carried'
        when 'stale' then coalesce(nullif(tonight, 'unchanged'), 'not_collected')
        when 'kept' then p.status
        else case tonight when 'unchanged' then 'failed' else tonight end
    end as status,
    case what when 'kept' then p.http_status else t.http_status end as http_status,
    case what
        when 'confirmed' then null
        when 'carried' then case when tonight is null then 'not_read' else t.reason end
        when 'stale' then 'stale'
        when 'kept' then p.reason
        else case tonight when 'unchanged' then 'nothing_to_confirm' else t.reason end
    end as reason,
    case what
        when 'carried' then case when tonight is null
            then 'Not read in this run; last read on ' || strftime(p.observed_at, '%Y-%m-%d') || '.'
            else t.detail end
        when 'stale' then case when tonight is null
            then 'Last read on ' || strftime(p.observed_at, '%Y-%m-%d')
                || ', longer ago than an answer stays good.'
            else t.detail end
        when 'kept' then p.detail
        else t.detail
    end as detail,
    case when what in ('carried', 'stale', 'kept') then p.seen
        when what = 'confirmed' then coalesce(t.seen, p.seen) else t.seen end as seen,
    case when what in ('carried', 'stale', 'kept') then p.expected
        when what = 'confirmed' then coalesce(t.expected, p.expected) else t.expected end as expected,
    case when tonight is null then p.credential else t.credential end as credential,
    case when tonight is null then p.request_id else t.request_id end as request_id,
    case when what in ('carried', 'stale', 'kept') then p.observed_at else t.observed_at end
        as observed_at
from cased
"""


def settle_coverage(
    con: duckdb.DuckDBPyConnection, *, run: str, org: str, as_of: datetime, linking: bool = False
) -> None:
    """Turn `incoming_coverage` and what stood before it into tonight's coverage.

    Args:
        con: the connection to the inventory.
        run: the run.
        org: its organization.
        as_of: the end of the run, from which ages are counted.
        linking: settle the derived family alone; otherwise all but it.
    """
    con.execute(
        _SETTLE,
        {
            "org": org,
            "as_of": as_of,
            "links": LINK_FAMILY,
            "linking": linking,
            "lists": [name for name, family in FAMILIES.items() if family.kind == "list"],
        },
    )
    merge_table(con, COVERAGE, run=run, org=org, source="incoming_settled")
    close_orphan_coverage(con, run=run, org=org)
