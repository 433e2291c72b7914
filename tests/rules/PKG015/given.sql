insert into coverage (family, subject, status, reason) values ('workflow_trees', '2', 'denied', 'stale');
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/shop', 'shop', 'private'), (2, 'acme/aged', 'aged', 'private');
insert into workflow_file (repository_id, path, blob_sha, status, reason) values
    (1, '.github/workflows/broken.yml', 'broken', 'read', null), (1, '.github/workflows/slow.yml', null, 'failed', 'timeout');
insert into blob_facts (blob_sha, status, error_line) values ('broken', 'parse_error', 4);
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation, line) values
    -- What must not fire.
    (1, '.github/workflows/push.yml', 'j', 'docker_login', 'container', 'pat', 'GHCR_PAT', 'push', 5),
    (1, '.github/workflows/untold.yml', 'j', 'rest_api', 'api', 'pat', 'GHCR_PAT', 'unknown', 5),
    (2, '.github/workflows/aged.yml', 'j', 'rest_api', 'api', 'pat', 'GHCR_PAT', 'delete', 5),
    (1, '.github/dependabot.yml', '', 'dependabot', 'npm', 'pat', 'X', 'pull', 5),
    -- What must fire.
    (1, '.github/workflows/pat.yml', 'clean', 'rest_api', 'api', 'pat', 'GHCR_PAT', 'delete', 9),
    (1, '.github/workflows/pat.yml', 'more', 'rest_api', 'api', 'github_token', 'GITHUB_TOKEN', 'restore', 3),
    (1, '.github/workflows/token.yml', 'clean', 'rest_api', 'api', 'github_token', 'GITHUB_TOKEN', 'delete', 5),
    (1, '.github/workflows/named.yml', 'clean', 'rest_api', 'api', 'pat', 'GHCR_PAT', 'unknown', 5);
insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation, line) values
    (1, '.github/workflows/named.yml', 'clean', 'api_delete', 'container', 'acme', 'x', 'delete', 6);
