-- secrets: one row a stored secret, by its name and where it is kept. No API gives a value.
create or replace view secrets as
with held as (
    select secret.*
    from secret
    join current_run using (org)
    where secret.valid_from_run <= current_run.run_id
        and (secret.valid_to_run is null or current_run.run_id < secret.valid_to_run)
)

select
    held.org,
    concat(
        case held.store when 'dependabot' then 'dependabot-' else '' end,
        held.scope, '/',
        case when held.scope <> 'organization' then concat(repositories.repository, '/') else '' end,
        case when held.scope = 'environment' then concat(held.environment, '/') else '' end,
        held.name
    ) as subject,
    held.store,                 -- actions | dependabot
    held.scope,                 -- organization | repository | environment
    held.repository_id,         -- 0: the organization's
    repositories.repository,
    repositories.visibility as repository_visibility,
    held.environment,           -- '' outside an environment
    held.name,
    held.visibility,            -- of an organization's secret: all | private | selected
    held.created_at,
    held.updated_at,
    held.observed_at
from held
left join repositories
    on held.org = repositories.org
    and held.repository_id = repositories.repository_id
where held.scope = 'organization'
    or repositories.repository_id is not null;
