insert into coverage (family, subject, status, reason) values ('workflow_trees', '2', 'denied', 'stale');
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/shop', 'shop', 'private'), (2, 'acme/aged', 'aged', 'private');
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation, line, reason_code) values
    (1, '.github/workflows/a.yml', 'token', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push', 3, null),
    (1, '.github/workflows/a.yml', 'pat', 'docker_login', 'container', 'pat', 'GHCR_PAT', 'push', 4, null),
    (1, '.github/workflows/a.yml', 'odd', 'docker_login', 'container', 'unknown', '', 'push', 5, 'external_reference'),
    (2, '.github/workflows/a.yml', 'old', 'docker_login', 'container', 'literal', 'literal', 'push', 6, null),
    (1, '.github/workflows/a.yml', 'literal', 'npm_auth', 'npm', 'literal', 'literal', 'pull', 7, null);
