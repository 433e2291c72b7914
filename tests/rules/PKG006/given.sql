insert into coverage (family, subject, status, reason) values ('workflow_trees', '2', 'denied', 'stale');
insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/shop', 'shop', 'private'), (2, 'acme/aged', 'aged', 'private'), (3, 'acme/flows', 'flows', 'internal');
insert into blob_facts (blob_sha, facts) values
    ('attests', '{"jobs": [{"id": "push", "line": 3}, {"id": "attest", "line": 30}], "attestations": [{"job": "attest", "step": 1, "line": 31, "text": "actions/attest-build-provenance@v2"}]}'),
    ('signs', '{"jobs": [{"id": "push", "line": 3}], "attestations": [{"job": "push", "step": 4, "line": 20, "text": "cosign attest"}]}'),
    ('calls', '{"jobs": [{"id": "call", "line": 3, "uses": "acme/flows/.github/workflows/release.yml@main"}]}'),
    ('elsewhere', '{"jobs": [{"id": "call", "line": 3, "uses": "stranger/flows/.github/workflows/release.yml@main"}]}'),
    ('silent', '{"jobs": [{"id": "push", "line": 3}, {"id": "pull", "line": 10}], "uses": [{"job": "push", "step": 1, "text": "actions/checkout@v4", "line": 5, "kind": "action", "pin": "ref"}]}');
insert into workflow_file (repository_id, path, blob_sha, coverage_subject) values
    (1, '.github/workflows/attests.yml', 'attests', '1'), (1, '.github/workflows/signs.yml', 'signs', '1'), (1, '.github/workflows/calls.yml', 'calls', '1'),
    (1, '.github/workflows/elsewhere.yml', 'elsewhere', '1'), (1, '.github/workflows/silent.yml', 'silent', '1'),
    (2, '.github/workflows/silent.yml', 'silent', '2'), (3, '.github/workflows/release.yml', 'attests', '3');
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation, login_repository, login_path, line) values
    (1, '.github/workflows/attests.yml', 'push', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push', 'acme/shop', '.github/workflows/attests.yml', 5),
    (1, '.github/workflows/signs.yml', 'push', 'docker_login', 'container', 'pat', 'GHCR_PAT', 'push', 'acme/shop', '.github/workflows/signs.yml', 5),
    (1, '.github/workflows/calls.yml', 'call', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push', 'acme/flows', '.github/workflows/release.yml', 5),
    (1, '.github/workflows/elsewhere.yml', 'call', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push', null, null, 5),
    (2, '.github/workflows/silent.yml', 'push', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push', null, null, 5),
    (1, '.github/workflows/silent.yml', 'pull', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'pull', null, null, 12);
insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation, line) values
    (1, '.github/workflows/silent.yml', 'push', 'docker_push', 'container', 'acme', 'x', 'push', 7);
