-- repositories: one row a repository of the organization, with the Actions settings that hold in it.
-- A *_source column says whose setting it is: repository, or organization where the repository's own was not read.
create or replace view repositories as
with held as (
    select repository.*
    from repository
    join current_run using (org)
    where repository.valid_from_run <= current_run.run_id
        and (repository.valid_to_run is null or current_run.run_id < repository.valid_to_run)
),

-- A setting that was not read again for too long is not believed: it is as if it had never been read.
stale_settings as (
    select
        org,
        family as coverage_family,
        subject as coverage_subject
    from coverage_now
    where stale
),

permissions as (
    select actions_permissions.*
    from actions_permissions
    join current_run using (org)
    anti join stale_settings using (org, coverage_family, coverage_subject)
    where actions_permissions.valid_from_run <= current_run.run_id
        and (actions_permissions.valid_to_run is null or current_run.run_id < actions_permissions.valid_to_run)
),

selected as (
    select
        actions_enabled_repository.org,
        actions_enabled_repository.repository_id
    from actions_enabled_repository
    join current_run using (org)
    where actions_enabled_repository.valid_from_run <= current_run.run_id
        and (
            actions_enabled_repository.valid_to_run is null
            or current_run.run_id < actions_enabled_repository.valid_to_run
        )
),

-- Only a list that was read whole can say that a repository is not on it.
selection_read as (
    select
        org,
        bool_or(readable) as readable
    from coverage_now
    where family = 'org_actions_enabled_repositories'
    group by org
),

token_defaults as (
    select workflow_permissions.*
    from workflow_permissions
    join current_run using (org)
    anti join stale_settings using (org, coverage_family, coverage_subject)
    where workflow_permissions.valid_from_run <= current_run.run_id
        and (workflow_permissions.valid_to_run is null or current_run.run_id < workflow_permissions.valid_to_run)
),

approvals as (
    select fork_approval.*
    from fork_approval
    join current_run using (org)
    anti join stale_settings using (org, coverage_family, coverage_subject)
    where fork_approval.valid_from_run <= current_run.run_id
        and (fork_approval.valid_to_run is null or current_run.run_id < fork_approval.valid_to_run)
),

private_forks as (
    select fork_private_settings.*
    from fork_private_settings
    join current_run using (org)
    anti join stale_settings using (org, coverage_family, coverage_subject)
    where fork_private_settings.valid_from_run <= current_run.run_id
        and (fork_private_settings.valid_to_run is null or current_run.run_id < fork_private_settings.valid_to_run)
),

files as (
    select
        workflow_file.org,
        workflow_file.repository_id,
        count(*) as workflow_count
    from workflow_file
    join current_run using (org)
    where workflow_file.kind = 'workflow'
        and workflow_file.valid_from_run <= current_run.run_id
        and (workflow_file.valid_to_run is null or current_run.run_id < workflow_file.valid_to_run)
    group by workflow_file.org, workflow_file.repository_id
),

listing as (
    select
        org,
        subject,
        stale,
        request_id
    from coverage_now
    where family = 'repositories'
)

select
    held.org,
    held.repository_id,
    held.full_name as repository,           -- owner/name
    held.name,
    held.visibility,
    held.fork,
    coalesce(held.archived, false) as archived,
    coalesce(held.disabled, false) as disabled,
    held.default_branch,
    held.pull_request_creation_policy,      -- all | collaborators_only
    held.forks_count,
    held.pushed_at,
    held.html_url,
    -- The organization's "none" is final, its "all" is a default that a repository may undo.
    case
        when own_permissions.enabled is not null then own_permissions.enabled
        when org_permissions.enabled_repositories = 'none' then false
        when org_permissions.enabled_repositories = 'selected' and selected.repository_id is not null then true
        when org_permissions.enabled_repositories = 'selected' and selection_read.readable then false
        when org_permissions.enabled_repositories = 'all' then true
    end as actions_enabled,
    case
        when own_permissions.enabled is not null then 'repository'
        when org_permissions.enabled_repositories in ('none', 'all') then 'organization'
        when org_permissions.enabled_repositories = 'selected'
            and (selected.repository_id is not null or selection_read.readable) then 'organization'
    end as actions_enabled_source,
    coalesce(own_permissions.sha_pinning_required, org_permissions.sha_pinning_required) as sha_pinning_required,
    coalesce(own_token.default_workflow_permissions, org_token.default_workflow_permissions)
        as default_workflow_permissions,    -- read | write
    case
        when own_token.default_workflow_permissions is not null then 'repository'
        when org_token.default_workflow_permissions is not null then 'organization'
    end as default_workflow_permissions_source,
    coalesce(own_approval.approval_policy, org_approval.approval_policy) as approval_policy,
    case
        when own_approval.approval_policy is not null then 'repository'
        when org_approval.approval_policy is not null then 'organization'
    end as approval_policy_source,
    coalesce(own_forks.run_workflows_from_fork_pull_requests, org_forks.run_workflows_from_fork_pull_requests)
        as fork_run_workflows,
    coalesce(own_forks.send_write_tokens_to_workflows, org_forks.send_write_tokens_to_workflows)
        as fork_send_write_tokens,
    coalesce(own_forks.send_secrets_and_variables, org_forks.send_secrets_and_variables)
        as fork_send_secrets,
    coalesce(own_forks.require_approval_for_fork_pr_workflows, org_forks.require_approval_for_fork_pr_workflows)
        as fork_require_approval,
    case
        when own_forks.repository_id is not null then 'repository'
        when org_forks.repository_id is not null then 'organization'
    end as fork_settings_source,
    coalesce(files.workflow_count, 0) as workflow_count,
    coalesce(listing.stale, false) as stale, -- the list it stood on is too old to be believed
    listing.request_id,                     -- GitHub's id of the answer that listed it
    held.observed_at
from held
left join permissions as own_permissions
    on held.org = own_permissions.org
    and held.repository_id = own_permissions.repository_id
left join permissions as org_permissions
    on held.org = org_permissions.org
    and org_permissions.repository_id = 0
left join selected
    on held.org = selected.org
    and held.repository_id = selected.repository_id
left join selection_read
    on held.org = selection_read.org
left join token_defaults as own_token
    on held.org = own_token.org
    and held.repository_id = own_token.repository_id
left join token_defaults as org_token
    on held.org = org_token.org
    and org_token.repository_id = 0
left join approvals as own_approval
    on held.org = own_approval.org
    and held.repository_id = own_approval.repository_id
left join approvals as org_approval
    on held.org = org_approval.org
    and org_approval.repository_id = 0
left join private_forks as own_forks
    on held.org = own_forks.org
    and held.repository_id = own_forks.repository_id
left join private_forks as org_forks
    on held.org = org_forks.org
    and org_forks.repository_id = 0
left join files
    on held.org = files.org
    and held.repository_id = files.repository_id
left join listing
    on held.coverage_family = 'repositories'
    and held.org = listing.org
    and held.coverage_subject = listing.subject;
