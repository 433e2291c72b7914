-- registry_logins: one row a place where a workflow authenticates at a GitHub Packages registry.
-- Called workflows and composite actions are followed: repository is the one whose secrets and GITHUB_TOKEN are used.
create or replace view registry_logins as
with held as (
    select registry_login.*
    from registry_login
    join current_run using (org)
    where registry_login.valid_from_run <= current_run.run_id
        and (registry_login.valid_to_run is null or current_run.run_id < registry_login.valid_to_run)
),

trees as (
    select
        org,
        try_cast(subject as bigint) as repository_id,
        bool_or(stale) as stale
    from coverage_now
    where family in ('workflow_trees', 'links')
    group by org, subject
)

select
    held.org,
    concat(
        repositories.repository, '/', held.path, '#', held.job, '/', held.form, '/', held.registry, '/',
        held.credential_name, '/', held.ordinal
    ) as subject,               -- no line number: it would change with every edit
    held.repository_id,
    repositories.repository,
    repositories.visibility as repository_visibility,
    held.path,
    held.job,
    held.form,                  -- how it logs in: one of collector/workflows/logins
    held.registry,              -- container, docker, npm, maven, nuget, rubygems, api; '': the text does not say which
    case held.registry
        when '' then 'a registry that may be GitHub''s'
        when 'api' then 'the packages API'
        else concat('the ', held.registry, ' registry')
    end as registry_phrase,     -- the same in a sentence
    held.credential,            -- pat, github_token, app_token, oidc, literal, unknown
    held.credential_name,
    held.ordinal,
    held.host,
    held.expression,
    held.via,
    held.line,
    concat(
        repositories.repository, '/', held.path,
        case
            when held.job = '' then ''
            when held.path like '.github/dependabot.y%' then concat(', registry ', held.job)
            else concat(', job ', held.job)
        end
    ) as place,                 -- where it is, in a sentence
    held.login_repository,      -- where the text of the login stands, if in a called file
    held.login_path,
    held.login_line,
    held.step,
    held.operation,             -- pull, push, delete, restore, unknown
    coalesce(held.fallback, false) as fallback, -- the expression has another branch
    held.sources,
    held.hops,
    held.reason_code,
    held.reason,
    case when held.path like '.github/dependabot.y%' then 'dependabot' else 'actions' end
        as store,               -- whose stored secrets it reads
    coalesce(trees.stale, false) as stale,
    held.observed_at
from held
join repositories
    on held.org = repositories.org
    and held.repository_id = repositories.repository_id
left join trees
    on held.org = trees.org
    and held.repository_id = trees.repository_id;
