insert into coverage (family, subject, status, reason) values ('packages', 'docker/public', 'denied', 'stale');
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/shop', 'shop', 'private');
insert into package (package_id, package_type, name, visibility, listed_repository, repository_id, coverage_subject) values
    (100, 'container', 'Shop/web', 'private', 'present', 1, 'container/private'),
    (101, 'docker', 'aged', 'public', 'absent', null, 'docker/public'),
    (201, 'docker', 'web', 'private', 'present', 1, 'docker/private'),
    (202, 'docker', 'alone', 'private', 'present', 1, 'docker/private');
