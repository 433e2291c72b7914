insert into coverage (family, subject) values ('repositories', '');
insert into coverage (family, subject, status, reason) values ('workflow_trees', '3', 'denied', 'stale');
insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/shop', 'shop', 'private'), (2, 'acme/strict', 'strict', 'private'), (3, 'acme/aged', 'aged', 'private');
insert into actions_permissions (repository_id, enabled, sha_pinning_required) values (2, true, true);
insert into blob_facts (blob_sha, facts) values
    ('w', '{"jobs": [{"id": "push", "line": 3}, {"id": "test", "line": 30}, {"id": "write", "line": 40, "permissions": {"line": 41, "all": "", "scopes": {"packages": "write"}}}],
      "uses": [
        {"job": "push", "step": 0, "text": "./.github/actions/build", "line": 5, "kind": "local", "pin": "local"},
        {"job": "push", "step": 1, "text": "actions/checkout@0123456789012345678901234567890123456789", "line": 6, "kind": "action", "pin": "sha"},
        {"job": "push", "step": 2, "text": "docker://alpine@sha256:01", "line": 7, "kind": "docker", "pin": "digest"},
        {"job": "push", "step": 3, "text": "acme/${{ matrix.action }}@v1", "line": 8, "kind": "action", "pin": "expression"},
        {"job": "push", "step": 4, "text": "actions/setup-node@v4", "line": 9, "kind": "action", "pin": "ref"},
        {"job": "push", "step": 5, "text": "actions/setup-node@v4", "line": 10, "kind": "action", "pin": "ref"},
        {"job": "push", "step": 9, "text": "acme/login@main", "line": 14, "kind": "action", "pin": "ref", "receives_credential": true},
        {"job": "push", "step": 6, "text": "docker/login-action@v3", "line": 11, "kind": "action", "pin": "ref", "receives_credential": true},
        {"job": "push", "step": 7, "text": "docker://alpine:3", "line": 12, "kind": "docker", "pin": "tag"},
        {"job": "test", "step": 0, "text": "actions/checkout@v4", "line": 31, "kind": "action", "pin": "ref"},
        {"job": "write", "step": -1, "text": "acme/flows/.github/workflows/release.yml@main", "line": 42, "kind": "workflow", "pin": "ref"}]}'),
    ('strict', '{"jobs": [{"id": "push", "line": 3}], "uses": [
        {"job": "push", "step": 0, "text": "actions/checkout@v4", "line": 6, "kind": "action", "pin": "ref"},
        {"job": "push", "step": 1, "text": "docker://alpine:3", "line": 7, "kind": "docker", "pin": "tag"}]}');
insert into workflow_file (repository_id, path, blob_sha, coverage_subject) values
    (1, '.github/workflows/w.yml', 'w', '1'), (2, '.github/workflows/w.yml', 'strict', '2'), (3, '.github/workflows/w.yml', 'strict', '3');
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation) values
    (1, '.github/workflows/w.yml', 'push', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push'),
    (1, '.github/workflows/w.yml', 'test', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'pull'),
    (3, '.github/workflows/w.yml', 'push', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push');
insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation) values
    (2, '.github/workflows/w.yml', 'push', 'docker_push', 'container', 'acme', 'x', 'push');
