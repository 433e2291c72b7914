-- repository_list: one row a repository, as the report lists it.
select
    org,
    repository,
    visibility,
    fork,
    archived,
    default_branch,
    case actions_enabled when true then 'enabled' when false then 'disabled' else 'not known' end as actions,
    actions_enabled_source as actions_source,
    default_workflow_permissions as token_default,
    default_workflow_permissions_source as token_default_source,
    approval_policy as approval,
    approval_policy_source as approval_source,
    pull_request_creation_policy as pull_requests,
    forks_count as forks,
    workflow_count as workflows,
    strftime(pushed_at, '%Y-%m-%d') as pushed,
    html_url
from repositories
