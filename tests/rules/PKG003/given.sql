insert into coverage (family, subject) values ('repositories', ''), ('repo_actions_policies', '1'), ('repo_actions_policies', '2');
insert into coverage (family, subject, status, http_status) values ('repo_actions_policies', '5', 'denied', 403);
insert into coverage (family, subject, status, reason) values ('workflow_trees', '7', 'denied', 'stale');
insert into repository (repository_id, full_name, name, visibility, archived) values
    (1, 'acme/docs', 'docs', 'public', false), (2, 'acme/guarded', 'guarded', 'public', false),
    (3, 'acme/shop', 'shop', 'private', false), (4, 'acme/museum', 'museum', 'public', true),
    (5, 'acme/unread', 'unread', 'public', false), (6, 'acme/quiet', 'quiet', 'public', false),
    (7, 'acme/aged', 'aged', 'public', false);
insert into actions_permissions (repository_id, enabled) values (1, true), (6, false);
insert into actions_policy (repository_id, name, enforcement, source_type, rules) values
    (2, 'no target', 'active', 'Organization', '[{"type": "restrict_action_events", "parameters": {"allowed_events": ["push", "pull_request"]}}]');

insert into blob_facts (blob_sha, facts) values
    ('push', '{"triggers": [{"name": "push", "line": 1}], "jobs": [{"id": "b", "line": 3, "permissions": {"line": 4, "all": "", "scopes": {"packages": "write"}}}]}'),
    ('target-bare', '{"triggers": [{"name": "pull_request_target", "line": 2}], "jobs": [{"id": "b", "line": 3, "permissions": {"line": 4, "all": "", "scopes": {"packages": "read"}}}]}'),
    ('target-write', '{"triggers": [{"name": "pull_request_target", "line": 2}], "jobs": [{"id": "b", "line": 3, "permissions": {"line": 4, "all": "", "scopes": {"packages": "write"}}}]}'),
    ('target-if', '{"triggers": [{"name": "pull_request_target", "line": 2}], "jobs": [{"id": "b", "line": 3, "condition": ["literal", true, 3], "permissions": {"line": 4, "all": "write-all", "scopes": {}}}]}'),
    ('target-head', '{"triggers": [{"name": "push", "line": 1}, {"name": "pull_request_target", "line": 2}], "permissions": {"line": 4, "all": "", "scopes": {"packages": "write"}}, "jobs": [{"id": "b", "line": 3}], "outsider": [{"job": "b", "step": 0, "line": 9, "kind": "checkout_head", "text": "github.event.pull_request.head.sha"}]}'),
    ('run-secret', '{"triggers": [{"name": "workflow_run", "line": 2}], "jobs": [{"id": "b", "line": 3, "permissions": {"line": 4, "all": "", "scopes": {"packages": "read"}}}], "secrets": [{"name": "GHCR_PAT", "line": 8, "job": "b"}, {"name": "GITHUB_TOKEN", "line": 9, "job": "b"}], "outsider": [{"job": "b", "step": 0, "line": 9, "kind": "artifact", "text": "actions/download-artifact"}]}'),
    ('comment-inherit', '{"triggers": [{"name": "issue_comment", "line": 2}], "jobs": [{"id": "b", "line": 3, "uses": "./.github/workflows/x.yml", "permissions": {"line": 4, "all": "", "scopes": {"packages": "read"}}}], "calls": [{"job": "b", "step": -1, "uses": "./.github/workflows/x.yml", "secrets": null}]}'),
    ('untouching', '{"triggers": [{"name": "pull_request_target", "line": 2}], "jobs": [{"id": "b", "line": 3, "permissions": {"line": 4, "all": "", "scopes": {"contents": "write"}}}], "secrets": [{"name": "OTHER", "line": 8, "job": "b"}]}');
insert into blob_facts (blob_sha, status, error_line, error) values ('broken', 'parse_error', 5, 'a tab where spaces must be');

insert into workflow_file (repository_id, path, blob_sha, coverage_subject) values
    -- What must not fire.
    (1, '.github/workflows/push.yml', 'push', '1'),
    (1, '.github/workflows/target-bare.yml', 'target-bare', '1'),
    (1, '.github/workflows/untouching.yml', 'untouching', '1'),
    (1, '.github/workflows/broken.yml', 'broken', '1'),
    (3, '.github/workflows/target.yml', 'target-head', '3'),
    (4, '.github/workflows/target.yml', 'target-head', '4'),
    (6, '.github/workflows/target.yml', 'target-head', '6'),
    (7, '.github/workflows/target.yml', 'target-head', '7'),
    (1, '.github/workflows/release.yml@v1', 'target-head', '1'),
    -- What must fire.
    (1, '.github/workflows/target-write.yml', 'target-write', '1'),
    (1, '.github/workflows/target-if.yml', 'target-if', '1'),
    (1, '.github/workflows/target-head.yml', 'target-head', '1'),
    (1, '.github/workflows/run-secret.yml', 'run-secret', '1'),
    (1, '.github/workflows/comment-inherit.yml', 'comment-inherit', '1'),
    (2, '.github/workflows/blocked.yml', 'target-head', '2'),
    (5, '.github/workflows/unread-policy.yml', 'target-write', '5');
