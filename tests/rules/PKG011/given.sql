insert into coverage (family, subject, status, reason) values ('links', '2', 'denied', 'stale');
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/shop', 'shop', 'private'), (2, 'acme/aged', 'aged', 'private');
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation, host, reason_code) values
    (1, '.github/workflows/a.yml', 'new', 'docker_login', 'container', 'github_token', 'GITHUB_TOKEN', 'push', 'ghcr.io', null),
    (1, '.github/workflows/a.yml', 'untold', 'docker_login', '', 'pat', 'X', 'push', '', 'unresolved_expression'),
    (2, '.github/workflows/a.yml', 'aged', 'docker_login', 'docker', 'pat', 'X', 'push', 'docker.pkg.github.com', null),
    (1, '.github/workflows/a.yml', 'old', 'docker_login', 'docker', 'github_token', 'GITHUB_TOKEN', 'push', 'docker.pkg.github.com', null),
    (1, '.github/workflows/a.yml', 'server', 'docker_login', 'docker', 'pat', 'X', 'pull', 'docker.ghe.acme.example', null);
