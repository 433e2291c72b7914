-- acme has a complete list of repositories: three public ones that differ in how far a fork's pull request gets.
insert into coverage (family, subject, request_id) values
    ('repositories', '', 'REQ-REPOS'),
    ('packages', 'container/private', 'REQ-PRIVATE'),
    ('packages', 'container/internal', 'REQ-INTERNAL'),
    ('packages', 'container/public', 'REQ-PUBLIC'),
    ('packages', 'npm/private', 'REQ-NPM'),
    ('packages', 'maven/private', 'REQ-MAVEN');

insert into repository (repository_id, full_name, name, visibility, archived, pull_request_creation_policy, forks_count, allow_forking) values
    (1, 'acme/docs', 'docs', 'public', false, 'all', 12, true),
    (2, 'acme/approved', 'approved', 'public', false, 'all', 0, true),
    (3, 'acme/museum', 'museum', 'public', true, 'all', 3, true),
    (4, 'acme/members', 'members', 'public', false, 'collaborators_only', 3, true),
    (5, 'acme/quiet', 'quiet', 'public', false, 'all', 3, true),
    (6, 'acme/guarded', 'guarded', 'public', false, 'all', 3, true),
    (7, 'acme/watched', 'watched', 'public', false, 'all', 3, true),
    (20, 'acme/shop', 'shop', 'private', false, null, 0, false),
    (21, 'acme/tools', 'tools', 'internal', false, null, 0, false);

insert into fork_approval (repository_id, approval_policy) values
    (0, 'all_external_contributors'),
    (1, 'first_time_contributors'),
    (2, 'all_external_contributors');
insert into actions_permissions (repository_id, enabled) values (1, true), (5, false);
-- Only an active policy stops an event, and only if it stops every event that a stranger can start.
insert into actions_policy (repository_id, name, enforcement, source_type, rules) values
    (6, 'no strangers', 'active', 'Organization',
     '[{"type": "restrict_action_events", "parameters": {"allowed_events": ["push", "workflow_dispatch"]}}]'),
    (7, 'trial', 'evaluate', 'Organization',
     '[{"type": "restrict_action_events", "parameters": {"allowed_events": ["push"]}}]');

insert into package (package_id, package_type, name, visibility, listed_repository, repository_id, repository_full_name, coverage_subject) values
    -- What must not fire.
    (101, 'container', 'open', 'public', 'present', 1, 'acme/docs', 'container/public'),
    (102, 'maven', 'com.acme.scoped', 'private', 'present', 1, 'acme/docs', 'maven/private'),
    (103, 'container', 'in-house', 'internal', 'absent', null, null, 'container/internal'),
    (104, 'container', 'lonely', 'private', 'absent', null, null, 'container/private'),
    (105, 'container', 'private-repository', 'private', 'present', 20, 'acme/shop', 'container/private'),
    (106, 'container', 'denied-details', 'private', 'absent', null, null, 'container/private'),
    (107, 'container', 'never-asked', 'private', 'null', null, null, 'container/private'),
    (108, 'container', 'listed-whole', 'private', 'present', 20, 'acme/shop', 'container/private'),
    (109, 'container', 'list-expired', 'private', 'present', 20, 'acme/shop', 'container/private'),
    (110, 'container', 'not-inherited', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (111, 'container', 'partial-list', 'private', 'present', 20, 'acme/shop', 'container/private'),
    (112, 'container', 'all-refused', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (113, 'container', 'in-house-connected', 'internal', 'present', 21, 'acme/tools', 'container/internal'),
    (114, 'container', 'pat-only', 'private', 'absent', null, null, 'container/private'),
    (115, 'container', 'names-unlisted', 'private', 'absent', null, null, 'container/private'),
    (116, 'docker', 'old-image', 'private', 'present', 1, 'acme/docs', 'docker/private'),
    -- What must fire.
    (201, 'container', 'team/billing', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (202, 'npm', 'approved', 'private', 'present', 2, 'acme/approved', 'npm/private'),
    (203, 'container', 'archived', 'private', 'present', 3, 'acme/museum', 'container/private'),
    (204, 'container', 'members', 'private', 'present', 4, 'acme/members', 'container/private'),
    (205, 'container', 'quiet', 'private', 'present', 5, 'acme/quiet', 'container/private'),
    (206, 'container', 'guarded', 'private', 'present', 6, 'acme/guarded', 'container/private'),
    (207, 'container', 'watched', 'private', 'present', 7, 'acme/watched', 'container/private'),
    (208, 'container', 'declared', 'private', 'present', 20, 'acme/shop', 'container/private'),
    (209, 'container', 'probed', 'private', 'absent', null, null, 'container/private'),
    (210, 'container', 'named', 'private', 'absent', null, null, 'container/private'),
    (211, 'container', 'in-house-declared', 'internal', 'absent', null, null, 'container/internal'),
    (212, 'container', 'two-public', 'private', 'present', 2, 'acme/approved', 'container/private'),
    (213, 'container', 'blank-answer', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (214, 'container', 'probe-outdated', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (215, 'container', 'asked-singly', 'private', 'absent', null, null, 'container/private'),
    (216, 'container', 'fork-confirmed', 'private', 'present', 1, 'acme/docs', 'container/private'),
    (217, 'container', 'connected-later', 'private', 'absent', null, null, 'container/private');

insert into package_connection (package_id, repository_id, repository_full_name, coverage_subject) values
    (103, null, null, '103'), (104, null, null, '104'), (114, null, null, '114'), (115, null, null, '115'),
    (209, null, null, '209'), (210, null, null, '210'), (211, null, null, '211'), (215, 1, 'acme/docs', '215');
insert into coverage (family, subject) values
    ('package_details', '103'), ('package_details', '104'), ('package_details', '114'), ('package_details', '115'),
    ('package_details', '209'), ('package_details', '210'), ('package_details', '211'), ('package_details', '215');
insert into coverage (family, subject, status, http_status, reason) values
    ('package_details', '106', 'denied', 403, 'forbidden_403');

-- A night before, it was connected to nothing: whoever connects a published package grants nothing by that.
insert into run (run_id, started_at, ended_at) values ('run-0', '2026-11-22 02:00:00', '2026-11-22 03:00:00');
insert into package_connection (package_id, repository_id, repository_full_name, coverage_subject, valid_from_run, valid_to_run) values
    (217, null, null, '217', 'run-0', 'run-1'), (217, 1, 'acme/docs', '217', 'run-1', null);
insert into coverage (family, subject) values ('package_details', '217');

insert into declared_grant (package_type, package_name, repository, role, complete, inherits) values
    ('container', 'listed-whole', 'acme/shop', 'read', true, null),
    ('container', 'not-inherited', '', null, true, false),
    ('container', 'partial-list', 'acme/tools', 'read', false, null),
    ('container', 'names-unlisted', 'acme/renamed', 'read', true, false),
    ('container', 'declared', 'acme/docs', 'write', false, null),
    ('container', 'in-house-decl*', 'acme/docs', 'read', false, null),
    ('container', 'two-public', 'acme/docs', 'read', false, null),
    ('container', 'blank-answer', '', null, true, null);
insert into declared_grant (package_type, package_name, repository, role, complete, inherits, declared_at, expires_at) values
    ('container', 'list-expired', 'acme/shop', 'read', true, false, '2026-01-01', '2026-07-01');

insert into probe_answer (package_id, repository_id, granted, http_status) values
    (112, 1, false, 403), (112, 2, false, 403), (112, 3, false, 403), (112, 4, false, 403),
    (112, 5, false, 403), (112, 6, false, 403), (112, 7, false, 403),
    (209, 1, true, 200);
insert into probe_answer (package_id, repository_id, granted, http_status, answered_at, expires_at) values
    (214, 1, false, 403, '2026-09-01', '2026-10-01');
insert into probe_answer (package_id, repository_id, granted, http_status, from_fork) values (216, 1, true, 200, true);

-- A workflow that names the package suggests access, unless its job brings a PAT of its own.
insert into package_reference (repository_id, path, job, kind, registry, host, namespace, name, operation, line) values
    (1, '.github/workflows/ci.yml', 'test', 'container_image', 'container', 'ghcr.io', 'Acme', 'Named', 'pull', 9),
    (1, '.github/workflows/pat.yml', 'test', 'container_image', 'container', 'ghcr.io', 'acme', 'pat-only', 'pull', 9);
insert into registry_login (repository_id, path, job, form, registry, credential, credential_name, operation) values
    (1, '.github/workflows/pat.yml', 'test', 'docker_login', 'container', 'pat', 'GHCR_PAT', 'pull');

-- beta could not list its repositories, saw no public one, and its list of packages is a week old.
insert into run (run_id, org) values ('run-2', 'beta');
insert into coverage (org, family, subject, status, reason) values
    ('beta', 'repositories', '', 'partial', 'truncated'),
    ('beta', 'packages', 'npm/private', 'denied', 'stale');
insert into coverage (org, family, subject) values ('beta', 'packages', 'container/private'), ('beta', 'package_details', '302');
insert into repository (org, repository_id, full_name, name, visibility) values ('beta', 31, 'beta/app', 'app', 'private');
insert into package (org, package_id, package_type, name, listed_repository, repository_id, repository_full_name, coverage_subject) values
    ('beta', 301, 'container', 'unlisted', 'present', 99, 'beta/unseen', 'container/private'),
    ('beta', 302, 'container', 'alone', 'absent', null, null, 'container/private'),
    ('beta', 303, 'container', 'app', 'present', 31, 'beta/app', 'container/private'),
    ('beta', 304, 'npm', 'aged', 'present', 31, 'beta/app', 'npm/private');
insert into package_connection (org, package_id, coverage_subject) values ('beta', 302, '302');

-- gamma has no public repository at all; delta is on GHE.com, which knows none.
insert into run (run_id, org, edition) values ('run-3', 'gamma', 'ghec'), ('run-4', 'delta', 'ghe.com');
insert into coverage (org, family) values ('gamma', 'repositories'), ('delta', 'repositories');
insert into coverage (org, family, subject, status, http_status) values ('gamma', 'package_details', '402', 'denied', 404);
insert into repository (org, repository_id, full_name, name, visibility) values ('gamma', 41, 'gamma/app', 'app', 'private');
insert into package (org, package_id, package_type, name, listed_repository, repository_id, repository_full_name) values
    ('gamma', 401, 'container', 'app', 'present', 41, 'gamma/app'),
    ('gamma', 402, 'container', 'unasked', 'absent', null, null),
    ('delta', 501, 'container', 'app', 'absent', null, null),
    ('delta', 502, 'maven', 'com.delta.app', 'absent', null, null);
