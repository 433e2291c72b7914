insert into coverage (family, subject) values
    ('repositories', ''), ('org_secrets', ''), ('org_secret_repositories', 'CHOSEN_PAT'), ('org_secret_repositories', 'FITTING_PAT'),
    ('org_secret_repositories', 'PUBLIC_PAT'), ('org_secret_repositories', 'SHADOWED_PAT'),
    ('repo_secrets', '2'), ('repo_environments', '2');
insert into coverage (family, subject, status, http_status, reason) values
    ('org_secret_repositories', 'HIDDEN_PAT', 'denied', 403, 'forbidden_403'),
    ('repo_secrets', '3', 'denied', 403, 'forbidden_403');
insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/docs', 'docs', 'public'), (2, 'acme/shop', 'shop', 'private'), (3, 'acme/tools', 'tools', 'internal');

insert into secret (scope, repository_id, name, visibility) values
    -- What must not fire.
    ('repository', 1, 'REPO_PAT', null),
    ('organization', 0, 'FITTING_PAT', 'selected'),
    ('organization', 0, 'HIDDEN_PAT', 'selected'),
    ('organization', 0, 'UNUSED_PAT', 'all'),
    ('organization', 0, 'SHADOWED_PAT', 'selected'),
    ('repository', 2, 'SHADOWED_PAT', null),
    -- What must fire.
    ('organization', 0, 'WIDE_PAT', 'all'),
    ('organization', 0, 'PRIVATE_PAT', 'private'),
    ('organization', 0, 'PUBLIC_PAT', 'selected'),
    ('organization', 0, 'CHOSEN_PAT', 'selected');
insert into secret (scope, repository_id, environment, name) values ('environment', 2, 'prod', 'PROD_PAT');
insert into secret_repository (name, repository_id) values
    ('FITTING_PAT', 2), ('HIDDEN_PAT', 2), ('SHADOWED_PAT', 2),
    ('PUBLIC_PAT', 1), ('CHOSEN_PAT', 2), ('CHOSEN_PAT', 3);

insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation, line) values
    (1, '.github/workflows/a.yml', 'j', 'docker_login', 'container', 'pat', 'REPO_PAT', 'push', 3),
    (2, '.github/workflows/a.yml', 'j', 'docker_login', 'container', 'pat', 'FITTING_PAT', 'push', 3),
    (2, '.github/workflows/b.yml', 'j', 'docker_login', 'container', 'pat', 'HIDDEN_PAT', 'push', 3),
    (2, '.github/workflows/c.yml', 'j', 'docker_login', 'container', 'pat', 'SHADOWED_PAT', 'push', 3),
    (2, '.github/workflows/d.yml', 'j', 'docker_login', 'container', 'pat', 'PROD_PAT', 'push', 3),
    (2, '.github/workflows/e.yml', 'j', 'docker_login', 'container', 'pat', 'GONE_PAT', 'push', 3),
    (3, '.github/workflows/a.yml', 'j', 'docker_login', 'container', 'pat', 'UNPLACED_PAT', 'push', 3),
    (2, '.github/workflows/f.yml', 'j', 'docker_login', 'container', 'pat', 'WIDE_PAT', 'push', 3),
    (2, '.github/workflows/g.yml', 'j', 'docker_login', 'container', 'pat', 'PRIVATE_PAT', 'push', 3),
    (1, '.github/workflows/h.yml', 'j', 'docker_login', 'container', 'pat', 'PUBLIC_PAT', 'push', 3),
    (2, '.github/workflows/i.yml', 'j', 'docker_login', 'container', 'pat', 'CHOSEN_PAT', 'push', 3),
    (2, '.github/workflows/i.yml', 'k', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push', 9);
