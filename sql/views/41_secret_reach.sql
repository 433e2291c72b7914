-- secret_reach: one row a stored secret and a repository whose workflows can read it.
create or replace view secret_reach as
with chosen as (
    select secret_repository.*
    from secret_repository
    join current_run using (org)
    where secret_repository.valid_from_run <= current_run.run_id
        and (secret_repository.valid_to_run is null or current_run.run_id < secret_repository.valid_to_run)
),

reached as (
    select
        secrets.*,
        secrets.repository_id as reached_id,
        secrets.scope as via
    from secrets
    where secrets.scope <> 'organization'
    union all by name
    select
        secrets.*,
        chosen.repository_id as reached_id,
        'selected' as via
    from secrets
    join chosen
        on secrets.org = chosen.org
        and secrets.store = chosen.store
        and secrets.name = chosen.name
    where secrets.scope = 'organization'
        and secrets.visibility = 'selected'
    union all by name
    -- "private" means private and internal repositories.
    select
        secrets.*,
        repositories.repository_id as reached_id,
        secrets.visibility as via
    from secrets
    join repositories
        on secrets.org = repositories.org
        and (secrets.visibility = 'all' or repositories.visibility <> 'public')
    where secrets.scope = 'organization'
        and secrets.visibility in ('all', 'private')
)

select
    reached.org,
    reached.subject,
    reached.store,
    reached.scope,
    reached.environment,
    reached.name,
    reached.visibility,
    reached.via,                -- all | private | selected | repository | environment
    repositories.repository_id,
    repositories.repository,
    repositories.visibility as repository_visibility
from reached
join repositories
    on reached.org = repositories.org
    and reached.reached_id = repositories.repository_id;
