insert into coverage (family, subject) values ('repositories', ''), ('package_details', '107');
insert into coverage (family, subject, status, http_status, reason) values ('package_details', '106', 'denied', 403, 'sso_not_authorized');
insert into repository (repository_id, full_name, name, visibility) values
    (1, 'acme/docs', 'docs', 'public'), (2, 'acme/tools', 'tools', 'internal'), (3, 'acme/shop', 'shop', 'private');
insert into package (package_id, package_type, name, visibility, listed_repository, repository_id, repository_full_name) values
    -- What must not fire.
    (100, 'container', 'narrower', 'private', 'present', 1, 'acme/docs'),
    (101, 'container', 'equal', 'public', 'present', 1, 'acme/docs'),
    (102, 'container', 'internal-public', 'internal', 'present', 1, 'acme/docs'),
    (103, 'container', 'internal-internal', 'internal', 'present', 2, 'acme/tools'),
    (104, 'maven', 'com.acme.scoped', 'private', 'present', 1, 'acme/docs'),
    (105, 'container', 'moved', 'public', 'present', 99, 'other/moved'),
    (106, 'container', 'denied', 'public', 'absent', null, null),
    -- Connected to none, so not in the population.
    (107, 'container', 'orphan', 'public', 'absent', null, null),
    -- What must fire.
    (200, 'container', 'public-private', 'public', 'present', 3, 'acme/shop'),
    (201, 'npm', 'public-internal', 'public', 'present', 2, 'acme/tools'),
    (202, 'container', 'internal-private', 'internal', 'present', 3, 'acme/shop');
insert into package_connection (package_id, coverage_subject) values (107, '107');
