insert into coverage (family, subject) values
    ('repositories', ''), ('packages', 'container/private'), ('package_details', '103'), ('package_details', '104'),
    ('package_details', '105'), ('package_details', '107');
insert into coverage (family, subject, status, http_status, reason) values
    ('package_details', '106', 'denied', 404, 'not_found_404'),
    ('packages', 'npm/private', 'denied', 403, 'stale');
insert into repository (repository_id, full_name, name, visibility, archived) values
    (1, 'acme/shop', 'shop', 'private', false), (2, 'acme/museum', 'museum', 'private', true);

insert into package (package_id, package_type, name, visibility, listed_repository, repository_id, repository_full_name, coverage_subject) values
    -- What must not fire.
    (100, 'container', 'shop', 'private', 'present', 1, 'acme/shop', 'container/private'),
    (101, 'container', 'museum', 'private', 'present', 2, 'acme/museum', 'container/private'),
    (102, 'container', 'moved', 'private', 'present', 99, 'other/moved', 'container/private'),
    (103, 'container', 'listed-without', 'private', 'absent', null, null, 'container/private'),
    (106, 'container', 'hidden', 'private', 'absent', null, null, 'container/private'),
    (108, 'container', 'never-asked', 'private', 'null', null, null, 'container/private'),
    (109, 'npm', 'aged', 'private', 'absent', null, null, 'npm/private'),
    -- What must fire.
    (104, 'container', 'orphan', 'private', 'absent', null, null, 'container/private'),
    (105, 'container', 'used-orphan', 'private', 'null', null, null, 'container/private'),
    (107, 'container', 'public-orphan', 'public', 'absent', null, null, 'container/public');
insert into package_connection (package_id, repository_id, repository_full_name, coverage_subject) values
    (103, 1, 'acme/shop', '103'), (104, null, null, '104'), (105, null, null, '105'), (107, null, null, '107');
insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation) values
    (1, '.github/workflows/ci.yml', 'test', 'container_image', 'container', 'ACME', 'used-Orphan', 'pull'),
    (1, '.github/workflows/ci.yml', 'test', 'container_image', 'container', 'acme', 'public-orphan', 'pull'),
    (1, '.github/workflows/ci.yml', 'test', 'container_image', 'container', 'stranger', 'orphan', 'pull');

-- Who does not see every repository may not be shown the connection either.
insert into run (run_id, org) values ('run-2', 'beta');
insert into coverage (org, family, subject, status, reason) values ('beta', 'repositories', '', 'partial', 'truncated');
insert into coverage (org, family, subject) values ('beta', 'package_details', '201');
insert into package (org, package_id, package_type, name) values ('beta', 201, 'container', 'perhaps');
insert into package_connection (org, package_id, coverage_subject) values ('beta', 201, '201');
