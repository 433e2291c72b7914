insert into coverage (family, subject) values ('repositories', ''), ('workflow_trees', '1'), ('package_versions', '101');
insert into coverage (family, subject, status, http_status, reason) values ('package_versions', '103', 'denied', 403, 'forbidden_403');
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/shop', 'shop', 'private');
insert into package (package_id, package_type, name, visibility, listed_repository, repository_id, updated_at) values
    -- What must not fire.
    (100, 'container', 'open', 'public', 'absent', null, '2020-01-01'),
    (101, 'container', 'young', 'private', 'absent', null, '2026-11-01'),
    (102, 'container', 'unused', 'private', 'absent', null, '2020-01-01'),
    (103, 'container', 'unread', 'private', 'absent', null, '2026-11-01'),
    (104, 'container', 'unasked', 'private', 'absent', null, '2026-11-01'),
    -- The mere default of a connected repository is no use.
    (105, 'container', 'connected', 'private', 'present', 1, '2020-01-01'),
    (106, 'container', 'reviewed-again', 'private', 'absent', null, '2020-01-01'),
    -- What must fire.
    (201, 'container', 'old-named', 'private', 'absent', null, '2020-01-01'),
    (202, 'container', 'old-declared', 'internal', 'absent', null, '2026-11-01'),
    (203, 'container', 'overdue', 'private', 'absent', null, '2026-11-01'),
    (204, 'container', 'again-used', 'private', 'absent', null, '2020-01-01');
insert into package_version (package_id, version_id, name, created_at) values
    (101, 1, 'sha256:01', '2026-10-01'), (202, 2, 'sha256:02', '2024-01-01'), (203, 3, 'sha256:03', '2026-10-01'), (204, 4, 'sha256:04', '2024-01-01');
insert into package_reference (repository_id, path, job, kind, registry, namespace, name, operation) values
    (1, '.github/workflows/a.yml', 'j', 'container_image', 'container', 'acme', 'old-named', 'pull'),
    (1, '.github/workflows/a.yml', 'j', 'container_image', 'container', 'acme', 'young', 'pull');
insert into declared_grant (package_type, package_name, repository, role) values
    ('container', 'old-declared', 'acme/shop', 'read'), ('container', 'again-used', 'acme/shop', 'read');
insert into declared_grant (package_type, package_name, repository, role, declared_at, expires_at) values
    ('container', 'overdue', 'acme/shop', 'read', '2026-01-01', '2026-07-01'),
    ('container', 'reviewed-again', 'acme/shop', 'read', '2026-01-01', '2026-07-01');
insert into declared_grant (package_type, package_name, repository, role, declared_at) values ('container', 'reviewed-again', 'acme/shop', 'none', '2026-08-01');

-- Where a tree was not read, a use may hide.
insert into run (run_id, org) values ('run-2', 'beta');
insert into coverage (org, family, subject, status, http_status) values ('beta', 'workflow_trees', '21', 'denied', 403);
insert into repository (org, repository_id, full_name, name, visibility) values ('beta', 21, 'beta/app', 'app', 'private');
insert into package (org, package_id, package_type, name, updated_at) values ('beta', 301, 'container', 'old', '2020-01-01');
