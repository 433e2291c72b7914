-- acme has both; beta no internal package; gamma no public repository where workflows run; delta is on GHE.com.
insert into run (run_id, org, edition) values
    ('run-2', 'beta', 'github.com'), ('run-3', 'gamma', 'ghec'), ('run-4', 'delta', 'ghe.com'), ('run-5', 'epsilon', 'ghec'),
    ('run-6', 'zeta', 'ghec'), ('run-7', 'eta', 'ghec'), ('run-8', 'theta', 'github.com');
insert into coverage (org, family, subject, status, http_status) values
    ('acme', 'repositories', '', 'complete', 200),
    ('beta', 'repositories', '', 'complete', 200), ('beta', 'packages', 'container/internal', 'unavailable', null),
    ('beta', 'packages', 'npm/internal', 'complete', 200), ('beta', 'packages', 'nuget/internal', 'complete', 200),
    ('beta', 'packages', 'rubygems/internal', 'carried', 200),
    ('gamma', 'repositories', '', 'complete', 200),
    ('epsilon', 'repositories', '', 'complete', 200), ('epsilon', 'packages', 'container/internal', 'denied', 403),
    ('epsilon', 'packages', 'npm/internal', 'complete', 200), ('epsilon', 'packages', 'nuget/internal', 'complete', 200),
    ('epsilon', 'packages', 'rubygems/internal', 'complete', 200),
    ('zeta', 'repositories', '', 'complete', 200), ('zeta', 'org_actions_permissions', '', 'denied', 403),
    ('eta', 'repositories', '', 'complete', 200),
    ('theta', 'repositories', '', 'complete', 200);

insert into repository (org, repository_id, full_name, name, visibility, archived) values
    ('acme', 1, 'acme/docs', 'docs', 'public', false), ('acme', 2, 'acme/museum', 'museum', 'public', true),
    ('acme', 3, 'acme/quiet', 'quiet', 'public', false), ('acme', 4, 'acme/shop', 'shop', 'private', false),
    ('beta', 11, 'beta/docs', 'docs', 'public', false),
    ('gamma', 21, 'gamma/quiet', 'quiet', 'public', false), ('gamma', 22, 'gamma/shop', 'shop', 'internal', false),
    ('epsilon', 41, 'epsilon/docs', 'docs', 'public', false),
    ('zeta', 51, 'zeta/docs', 'docs', 'public', false),
    ('eta', 61, 'eta/docs', 'docs', 'public', false),
    ('theta', 71, 'theta/docs', 'docs', 'public', false);
insert into actions_permissions (org, repository_id, enabled, enabled_repositories) values
    ('acme', 1, true, null), ('acme', 3, false, null), ('beta', 0, null, 'all'), ('gamma', 0, null, 'none'),
    ('epsilon', 41, true, null), ('eta', 0, null, 'all'), ('theta', 71, true, null);
insert into package (org, package_id, package_type, name, visibility) values
    ('acme', 100, 'container', 'base', 'internal'), ('acme', 101, 'npm', 'kit', 'internal'),
    -- Of a repository-scoped type "internal" is another word for private.
    ('theta', 700, 'maven', 'com.theta.app', 'internal'),
    ('gamma', 200, 'container', 'base', 'internal'),
    ('delta', 300, 'container', 'base', 'internal'),
    ('zeta', 500, 'container', 'base', 'internal'),
    ('eta', 600, 'container', 'base', 'internal');
