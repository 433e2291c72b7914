-- secret_list: one row a stored secret by name and place, how far it reaches and how often it is used to log in.
with reach as (
    select
        org,
        subject,
        count(distinct repository_id) as reach,
        count(distinct repository_id) filter (where repository_visibility = 'public') as public_reach
    from secret_reach
    group by org, subject
),

uses as (
    select
        org,
        subject,
        count(*) as uses
    from secret_uses
    group by org, subject
)

select
    s.org,
    s.subject,
    s.name,
    s.store,
    s.scope,
    s.repository,
    s.environment,
    s.visibility,
    coalesce(r.reach, 0) as reach,
    coalesce(r.public_reach, 0) as public_reach,
    coalesce(u.uses, 0) as uses,
    strftime(s.updated_at, '%Y-%m-%d') as updated
from secrets as s
left join reach as r on s.org = r.org and s.subject = r.subject
left join uses as u on s.org = u.org and s.subject = u.subject
