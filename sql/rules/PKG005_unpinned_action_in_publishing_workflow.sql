-- id: PKG005
-- name: unpinned-action-in-publishing-workflow
-- title: Action that can change under a job that publishes
-- severity: medium
-- subject: uses reference
-- population: Every `uses:` reference in a job that pushes to a GitHub Packages registry or whose token may write
--   packages.
-- description: A job that publishes packages uses an action, a reusable workflow or an image by a tag or branch
--   instead of a commit or digest.
-- why: Whoever controls that tag decides what runs in the job, with its token. Tags of well-known actions were moved
--   to malicious commits before, and every job that used them by tag ran those.
-- fails_when: The reference is a tag or a branch. High where the action is handed a credential, medium elsewhere.
-- passes_when: It is a full commit SHA, an image's digest, or a file of the same repository; or the organization
--   requires SHA pinning.
-- unknown_when: The reference is an expression, or the workflow was not read for too long.
-- not_applicable_when: Never.
-- remediation: Write the full commit SHA and the version as a comment behind it, and let Dependabot update both.
--   Require SHA pinning in the organization's Actions settings.
-- references: Secure use reference; Disabling or limiting GitHub Actions for your organization
-- version: 1

with pushing_jobs as (
    select
        org,
        repository_id,
        path,
        job
    from registry_logins
    where operation = 'push'
        and store = 'actions'
    union
    select
        org,
        repository_id,
        path,
        job
    from package_references
    where operation = 'push'
    union
    select
        org,
        repository_id,
        path,
        job
    from workflow_jobs
    where packages_permission = 'write'
),

decided as (
    select
        workflow_uses.*,
        repositories.sha_pinning_required,
        case
            when workflow_uses.stale then 'stale'
            when workflow_uses.pin = 'local' then 'local'
            when workflow_uses.pin in ('sha', 'digest') then 'pinned'
            when workflow_uses.pin = 'expression' then 'expression'
            -- The setting is about actions and reusable workflows, not about images.
            when repositories.sha_pinning_required and workflow_uses.kind <> 'docker' then 'required'
            else 'unpinned'
        end as case_name
    from workflow_uses
    join pushing_jobs using (org, repository_id, path, job)
    join repositories using (org, repository_id)
    where workflow_uses.file_kind = 'workflow'
)

select
    org,
    subject,
    case
        when case_name = 'unpinned' then 'fail'
        when case_name in ('stale', 'expression') then 'unknown'
        else 'pass'
    end as verdict,
    case case_name when 'stale' then 'stale' when 'expression' then 'unresolved_expression' end as reason_code,
    case
        when case_name <> 'unpinned' then null
        when receives_credential then 'high'
        else 'medium'
    end as severity,
    case when case_name not in ('stale', 'expression') then 'proven' end as evidence_level,
    case case_name
        when 'stale' then concat(repository, '/', path, ' was not read again for longer than facts may age.')
        when 'expression' then concat(
            repository, '/', path, ', job ', job, ', uses ', uses, ', which its text does not resolve.'
        )
        when 'local' then concat(repository, '/', path, ', job ', job, ', uses ', uses, ' of its own repository.')
        when 'pinned' then concat(repository, '/', path, ', job ', job, ', uses ', uses, ', which can''t change.')
        when 'required' then concat(
            repository, '/', path, ', job ', job, ', uses ', uses, ', which ', repository,
            ' would not run unpinned: SHA pinning is required.'
        )
        else concat(
            repository, '/', path, ', job ', job, ', which may publish packages, uses ', uses,
            ' by a name that can be moved',
            case when receives_credential then ' and hands it a credential' else '' end, '.'
        )
    end as reason,
    repository,
    null::varchar as package,
    path,
    line,
    null::varchar as registry,
    null::varchar as credential,
    null::varchar as secret,
    '[]'::json as hops,
    case when case_name = 'unpinned' then to_json({'uses': uses, 'credential': receives_credential}) end as evidence
from decided
