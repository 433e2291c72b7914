insert into coverage (family, subject) values ('repositories', '');
insert into coverage (family, subject, status, reason) values ('workflow_trees', '3', 'denied', 'stale');
insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/shop', 'shop', 'private'), (2, 'acme/tools', 'tools', 'private'), (3, 'acme/aged', 'aged', 'private');
insert into workflow_permissions (repository_id, default_workflow_permissions) values (0, 'read'), (1, 'write');
insert into blob_facts (blob_sha, facts) values
    ('fits', '{"triggers": [{"name": "push", "line": 1}], "permissions": {"line": 2, "all": "", "scopes": {"packages": "write"}}, "jobs": [
        {"id": "push", "line": 10},
        {"id": "pull", "line": 20, "permissions": {"line": 21, "all": "", "scopes": {"contents": "read", "packages": "read"}}},
        {"id": "odd-read", "line": 30, "permissions": {"line": 31, "all": "read-all", "scopes": {}}},
        {"id": "odd-write", "line": 40},
        {"id": "pat", "line": 50}]}'),
    ('wrong', '{"triggers": [{"name": "push", "line": 1}], "jobs": [
        {"id": "undeclared", "line": 10},
        {"id": "all", "line": 20, "permissions": {"line": 21, "all": "write-all", "scopes": {}}},
        {"id": "more", "line": 30, "permissions": {"line": 31, "all": "", "scopes": {"packages": "write"}}},
        {"id": "less", "line": 40, "permissions": {"line": 41, "all": "", "scopes": {"contents": "write"}}},
        {"id": "none", "line": 50, "permissions": {"line": 51, "all": "", "scopes": {}}}]}'),
    ('target', '{"triggers": [{"name": "pull_request_target", "line": 1}], "jobs": [{"id": "more", "line": 10, "permissions": {"line": 11, "all": "", "scopes": {"packages": "write"}}}]}');
insert into blob_facts (blob_sha, status) values ('broken', 'parse_error');
insert into workflow_file (repository_id, path, blob_sha, coverage_subject) values
    (1, '.github/workflows/fits.yml', 'fits', '1'), (1, '.github/workflows/wrong.yml', 'wrong', '1'), (2, '.github/workflows/wrong.yml', 'wrong', '2'),
    (1, '.github/workflows/target.yml', 'target', '1'), (1, '.github/workflows/broken.yml', 'broken', '1'), (3, '.github/workflows/wrong.yml', 'wrong', '3');
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation) values
    -- What must not fire; the job with a PAT is not in the population.
    (1, '.github/workflows/fits.yml', 'push', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push'),
    (1, '.github/workflows/fits.yml', 'pull', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'pull'),
    (1, '.github/workflows/fits.yml', 'odd-read', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'unknown'),
    (1, '.github/workflows/fits.yml', 'odd-write', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'unknown'),
    (1, '.github/workflows/fits.yml', 'pat', 'docker_login', 'container', 'pat', 'GHCR_PAT', 'push'),
    (1, '.github/workflows/broken.yml', 'build', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push'),
    (3, '.github/workflows/wrong.yml', 'all', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push'),
    -- What must fire.
    (1, '.github/workflows/wrong.yml', 'undeclared', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'pull'),
    (2, '.github/workflows/wrong.yml', 'undeclared', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push'),
    (1, '.github/workflows/wrong.yml', 'all', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push'),
    (1, '.github/workflows/wrong.yml', 'more', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'pull'),
    (1, '.github/workflows/wrong.yml', 'less', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push'),
    (1, '.github/workflows/wrong.yml', 'none', 'setup_node', 'npm', 'github_token', 'GITHUB_TOKEN', 'pull'),
    (1, '.github/workflows/target.yml', 'more', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'pull');
