insert into run (run_id, org) values ('run-2', 'beta'), ('run-3', 'gamma');
insert into coverage (family, subject, status, http_status) values
    ('repositories', '', 'complete', 200), ('org_fork_private', '', 'denied', 404), ('repo_fork_private', '5', 'denied', 403);
insert into repository (repository_id, full_name, name, visibility, archived) values
    (1, 'acme/docs', 'docs', 'public', false), (2, 'acme/closed', 'closed', 'private', false), (3, 'acme/careful', 'careful', 'internal', false),
    (4, 'acme/museum', 'museum', 'private', true), (5, 'acme/denied', 'denied', 'private', false), (6, 'acme/quiet', 'quiet', 'private', false),
    (7, 'acme/tokens', 'tokens', 'private', false), (8, 'acme/secrets', 'secrets', 'internal', false), (9, 'acme/unasked', 'unasked', 'private', false);
insert into actions_permissions (repository_id, enabled) values (6, false);
insert into fork_private_settings (repository_id, run_workflows_from_fork_pull_requests, send_write_tokens_to_workflows, send_secrets_and_variables, require_approval_for_fork_pr_workflows) values
    (2, false, true, true, false), (3, true, false, false, true), (4, true, true, true, false), (6, true, true, true, false),
    (7, true, true, false, false), (8, true, false, true, true);
-- What the organization sets holds where the repository's own setting was not read.
insert into repository (org, repository_id, full_name, name, visibility) values ('beta', 21, 'beta/app', 'app', 'private'), ('gamma', 31, 'gamma/app', 'app', 'private');
insert into fork_private_settings (org, repository_id, run_workflows_from_fork_pull_requests, send_write_tokens_to_workflows, send_secrets_and_variables) values
    ('beta', 0, true, false, true), ('gamma', 0, false, false, false);
