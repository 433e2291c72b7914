insert into run (run_id, org) values ('run-2', 'beta');
insert into coverage (family, subject) values ('repositories', ''), ('workflow_trees', '1');
insert into coverage (family, subject, status, reason) values ('packages', 'nuget/private', 'denied', 'stale');
insert into coverage (org, family, subject, status, reason) values ('beta', 'workflow_trees', '21', 'failed', 'timeout');
insert into repository (org, repository_id, full_name, name, visibility) values ('acme', 1, 'acme/shop', 'shop', 'private'), ('beta', 21, 'beta/app', 'app', 'private');
insert into package (org, package_id, package_type, name, visibility, coverage_subject) values
    -- What must not fire; the public one is not in the population.
    ('acme', 100, 'container', 'open', 'public', 'container/public'),
    ('acme', 101, 'rubygems', 'quiet', 'private', 'rubygems/private'),
    ('acme', 102, 'container', 'by-token', 'private', 'container/private'),
    ('acme', 103, 'npm', 'perhaps', 'private', 'npm/private'),
    ('acme', 104, 'nuget', 'aged', 'private', 'nuget/private'),
    ('beta', 105, 'container', 'unseen', 'private', 'container/private'),
    -- What must fire.
    ('acme', 201, 'container', 'pulled', 'private', 'container/private'),
    ('acme', 202, 'container', 'pushed', 'internal', 'container/internal'),
    ('acme', 203, 'container', 'deleted', 'private', 'container/private');
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation) values
    (1, '.github/workflows/a.yml', 'token', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'pull'),
    (1, '.github/workflows/a.yml', 'pull', 'docker_login', 'container', 'pat', 'PULL_PAT', 'pull'),
    (1, '.github/workflows/a.yml', 'push', 'docker_login', 'container', 'pat', 'PUSH_PAT', 'push'),
    (1, '.github/workflows/a.yml', 'npm', 'setup_node', 'npm', 'pat', 'NPM_PAT', 'pull'),
    (1, '.github/workflows/a.yml', 'clean', 'rest_api', 'api', 'pat', 'API_PAT', 'delete');
insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation, line, resolved) values
    (1, '.github/workflows/a.yml', 'token', 'container_image', 'container', 'acme', 'by-token', 'pull', 5, true),
    (1, '.github/workflows/a.yml', 'pull', 'container_image', 'container', 'acme', 'open', 'pull', 5, true),
    (1, '.github/workflows/a.yml', 'npm', 'npm_install', 'npm', '', '*', 'pull', 5, false),
    (1, '.github/workflows/a.yml', 'pull', 'container_image', 'container', 'acme', 'Pulled', 'pull', 5, true),
    (1, '.github/workflows/a.yml', 'pull', 'container_image', 'container', 'acme', 'pushed', 'pull', 6, true),
    (1, '.github/workflows/a.yml', 'push', 'docker_push', 'container', 'acme', 'pushed', 'push', 7, true),
    (1, '.github/workflows/a.yml', 'clean', 'api_delete', 'container', 'acme', 'deleted', 'delete', 8, true);
