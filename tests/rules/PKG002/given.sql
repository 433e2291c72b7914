insert into coverage (family, subject) values
    ('repositories', ''),
    ('org_secrets', ''), ('repo_secrets', '1'), ('repo_environments', '1'), ('environment_secrets', '1/prod'),
    ('org_dependabot_secrets', ''), ('repo_dependabot_secrets', '1'), ('repo_dependabot_secrets', '2'),
    ('workflow_trees', '1'), ('workflow_trees', '2'), ('workflow_trees', '3');
-- The secrets of the second repository could not be read, its third one's tree not for too long.
insert into coverage (family, subject, status, http_status, reason) values
    ('repo_secrets', '2', 'denied', 403, 'forbidden_403'),
    ('workflow_trees', '4', 'denied', 403, 'stale');

insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/shop', 'shop', 'private'),
    (2, 'acme/tools', 'tools', 'private'),
    (3, 'acme/docs', 'docs', 'public'),
    (4, 'acme/aged', 'aged', 'private');

insert into secret (scope, repository_id, name, visibility) values
    ('organization', 0, 'ORG_PAT', 'all'),
    ('organization', 0, 'CHOSEN_PAT', 'selected'),
    ('repository', 1, 'GHCR_PAT', null);
insert into secret (scope, repository_id, environment, name) values ('environment', 1, 'prod', 'PROD_PAT');
insert into secret (store, scope, repository_id, name) values ('dependabot', 'repository', 1, 'READ_PAT');
insert into secret_repository (name, repository_id) values ('CHOSEN_PAT', 1);

insert into package (package_id, package_type, name, visibility, listed_repository, repository_id, repository_full_name) values
    (10, 'maven', 'com.acme.core', 'private', 'present', 2, 'acme/tools'),
    (11, 'maven', 'com.acme.shop', 'private', 'present', 1, 'acme/shop');
insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation) values
    (1, '.github/workflows/maven.yml', 'other', 'maven', 'maven', 'acme', 'com.acme:core', 'pull'),
    (1, '.github/workflows/maven.yml', 'own', 'maven', 'maven', 'acme', 'com.acme:shop', 'pull');

insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation, expression, fallback, reason_code, reason) values
    -- What must not fire.
    (1, '.github/workflows/ok.yml', 'token', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push', '${{ secrets.GITHUB_TOKEN }}', false, null, null),
    (1, '.github/workflows/ok.yml', 'app', 'docker_login', 'container', 'app_token', 'token', 'push', '${{ steps.app.outputs.token }}', false, null, null),
    (1, '.github/workflows/ok.yml', 'oidc', 'docker_login', 'container', 'oidc', 'id', 'push', null, false, null, null),
    (1, '.github/workflows/ok.yml', 'literal', 'docker_login', 'container', 'literal', 'literal', 'push', null, false, null, null),
    (1, '.github/workflows/ok.yml', 'gone', 'docker_login', 'container', 'pat', 'GONE_PAT', 'push', '${{ secrets.GONE_PAT || secrets.GITHUB_TOKEN }}', true, null, null),
    (1, '.github/workflows/ok.yml', 'odd', 'docker_login', 'container', 'unknown', '', 'push', '${{ matrix.secret }}', false, 'unresolved_expression', 'matrix.secret has no value in the text.'),
    (1, '.github/workflows/called.yml', 'lonely', 'docker_login', 'container', 'unknown', '', 'push', '${{ inputs.token }}', false, 'no_caller', 'No workflow calls it.'),
    (4, '.github/workflows/ci.yml', 'old', 'docker_login', 'container', 'pat', 'GHCR_PAT', 'pull', '${{ secrets.GHCR_PAT }}', false, null, null),
    -- What must fire.
    (1, '.github/workflows/pat.yml', 'pull', 'docker_login', 'container', 'pat', 'GHCR_PAT', 'pull', '${{ secrets.GHCR_PAT }}', false, null, null),
    (1, '.github/workflows/pat.yml', 'push', 'docker_login', 'container', 'pat', 'GHCR_PAT', 'push', '${{ secrets.GHCR_PAT }}', false, null, null),
    (1, '.github/workflows/pat.yml', 'delete', 'rest_api', 'api', 'pat', 'GHCR_PAT', 'delete', '${{ secrets.GHCR_PAT }}', false, null, null),
    (1, '.github/workflows/pat.yml', 'wide', 'docker_login', 'container', 'pat', 'ORG_PAT', 'pull', '${{ secrets.ORG_PAT }}', false, null, null),
    (1, '.github/workflows/pat.yml', 'chosen', 'docker_login', 'container', 'pat', 'CHOSEN_PAT', 'pull', '${{ secrets.CHOSEN_PAT }}', false, null, null),
    (1, '.github/workflows/pat.yml', 'present', 'docker_login', 'container', 'pat', 'PROD_PAT', 'pull', '${{ secrets.prod_pat || github.token }}', true, null, null),
    (1, '.github/workflows/pat.yml', 'second', 'docker_login', 'container', 'pat', 'GONE_PAT', 'pull', '${{ secrets.GONE_PAT || secrets.GHCR_PAT }}', true, null, null),
    (2, '.github/workflows/pat.yml', 'unread', 'docker_login', 'container', 'pat', 'MAYBE_PAT', 'pull', '${{ secrets.MAYBE_PAT || github.token }}', true, null, null),
    (3, '.github/workflows/pat.yml', 'public', 'npm_auth', 'npm', 'pat', 'NPM_PAT', 'pull', '${{ secrets.NPM_PAT }}', false, null, null),
    (1, '.github/workflows/maven.yml', 'other', 'setup_java', 'maven', 'pat', 'GHCR_PAT', 'pull', '${{ secrets.GHCR_PAT }}', false, null, null),
    (1, '.github/workflows/maven.yml', 'own', 'setup_java', 'maven', 'pat', 'GHCR_PAT', 'pull', '${{ secrets.GHCR_PAT }}', false, null, null),
    (1, '.github/dependabot.yml', '', 'dependabot', 'npm', 'pat', 'READ_PAT', 'pull', '${{ secrets.READ_PAT }}', false, null, null);

-- Files that hold no login we know of, because they could not be read.
insert into workflow_file (repository_id, path, kind, blob_sha, status, reason) values
    (1, '.github/workflows/ok.yml', 'workflow', 'aa', 'read', null),
    (1, '.github/workflows/broken.yml', 'workflow', 'bb', 'read', null),
    (1, '.github/workflows/huge.yml', 'workflow', null, 'skipped', 'too_large'),
    (1, '.github/workflows/link.yml', 'workflow', null, 'skipped', 'symlink'),
    (1, '.github/workflows/slow.yml', 'workflow', 'cc', 'failed', 'timeout');
insert into blob_facts (blob_sha, status, error_line, error) values ('aa', 'parsed', null, null), ('bb', 'parse_error', 7, 'a tab where spaces must be');
