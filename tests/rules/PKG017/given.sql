insert into coverage (family) values ('repositories'), ('organization');
insert into coverage (family, subject, status, reason, http_status) values
    ('packages', 'container/private', 'denied', 'stale', null),
    ('package_versions', '1', 'complete', null, 200), ('package_versions', '2', 'complete', null, 200),
    ('package_versions', '3', 'complete', null, 200), ('package_versions', '4', 'denied', 'forbidden_403', 403),
    ('package_versions', '6', 'complete', null, 200), ('package_versions', '7', 'complete', null, 200),
    ('package_versions', '8', 'complete', null, 200), ('package_versions', '9', 'complete', null, 200),
    ('package_versions', '10', 'complete', null, 200), ('package_versions', '11', 'complete', null, 200),
    ('attestations', '1/sha256:aa', 'complete', null, 200), ('attestations', '2/sha256:bb', 'complete', null, 200),
    ('attestations', '7/sha256:gg', 'denied', 'forbidden_403', 403), ('attestations', '8/sha256:old', 'complete', null, 200),
    ('attestations', '9/sha256:ii', 'unavailable', 'not_found_404', 404), ('attestations', '10/sha256:jj', 'complete', null, 200),
    ('attestations', '11/sha256:kk', 'complete', null, 200);
insert into repository (repository_id, full_name, name, visibility) values (1, 'acme/shop', 'shop', 'private');
insert into package (package_id, package_type, name) values
    (1, 'container', 'attested'), (2, 'container', 'tagged'), (3, 'container', 'empty'), (4, 'container', 'denied'),
    (5, 'container', 'never-asked'), (6, 'container', 'not-asked-yet'), (7, 'container', 'refused'),
    (8, 'container', 'newer-version'), (9, 'container', 'no-such-api'), (10, 'container', 'bare'), (11, 'container', 'bare-untagged'),
    (13, 'npm', 'not-an-image');
insert into package (package_id, package_type, name, coverage_subject) values (12, 'container', 'aged', 'container/private');
insert into package_version (package_id, version_id, name, tags, created_at) values
    (1, 101, 'sha256:aa', ['1.0'], '2026-11-01'),
    -- One push: the image has a tag and an attestation, its part for one platform is younger and has neither.
    (2, 201, 'sha256:bb', ['2.0'], '2026-11-01 10:00:00'), (2, 202, 'sha256:cc', [], '2026-11-01 10:00:01'),
    (6, 601, 'sha256:ff', ['1'], '2026-11-01'), (7, 701, 'sha256:gg', ['1'], '2026-11-01'),
    (8, 802, 'sha256:hh', ['2'], '2026-11-02'), (9, 901, 'sha256:ii', ['1'], '2026-11-01'),
    (10, 1001, 'sha256:jj', ['latest', '3'], '2026-11-01'), (11, 1101, 'sha256:kk', [], '2026-11-01');
insert into attestation (package_id, digest, repository_id, workflow_path) values
    (1, 'sha256:aa', 1, '.github/workflows/release.yml'), (2, 'sha256:bb', 1, '.github/workflows/release.yml'),
    -- Of the version before: it says nothing of the newest one.
    (8, 'sha256:old', 1, '.github/workflows/release.yml');

-- beta's credential is no owner's; gamma's server has no attestations.
insert into run (run_id, org, edition) values ('run-2', 'beta', 'github.com'), ('run-3', 'gamma', 'ghes');
insert into coverage (org, family, subject, status, reason) values
    ('beta', 'organization', '', 'partial', 'reader_not_owner'), ('beta', 'package_versions', '21', 'complete', null),
    ('beta', 'attestations', '21/sha256:pp', 'complete', null),
    ('gamma', 'package_versions', '31', 'complete', null), ('gamma', 'attestations', '', 'unavailable', null);
insert into package (org, package_id, package_type, name) values ('beta', 21, 'container', 'app'), ('gamma', 31, 'container', 'app');
insert into package_version (org, package_id, version_id, name, tags, created_at) values
    ('beta', 21, 2101, 'sha256:pp', ['1'], '2026-11-01'), ('gamma', 31, 3101, 'sha256:qq', ['1'], '2026-11-01');
