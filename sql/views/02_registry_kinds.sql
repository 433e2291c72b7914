-- registry_kinds: one row an edition of GitHub and a package type; says whose permissions govern a package there.
-- granular: the package has its own visibility and access list. repository_scoped: the repository's decide.
-- unavailable: that edition has no such registry.
-- GitHub Docs, "About permissions for GitHub Packages"; GHE.com: "Feature overview for GitHub Enterprise Cloud".
create or replace view registry_kinds as
select
    edition,
    package_type,
    kind,
    has_public_repositories -- GHE.com has none, so nobody outside can send a pull request
from (
    values
    ('github.com', 'container', 'granular', true),
    ('github.com', 'npm', 'granular', true),
    ('github.com', 'nuget', 'granular', true),
    ('github.com', 'rubygems', 'granular', true),
    ('github.com', 'maven', 'repository_scoped', true),
    ('github.com', 'docker', 'repository_scoped', true),
    ('ghec', 'container', 'granular', true),
    ('ghec', 'npm', 'granular', true),
    ('ghec', 'nuget', 'granular', true),
    ('ghec', 'rubygems', 'granular', true),
    ('ghec', 'maven', 'repository_scoped', true),
    ('ghec', 'docker', 'repository_scoped', true),
    ('ghe.com', 'container', 'granular', false),
    ('ghe.com', 'npm', 'granular', false),
    ('ghe.com', 'nuget', 'granular', false),
    ('ghe.com', 'rubygems', 'granular', false),
    ('ghe.com', 'maven', 'unavailable', false),
    ('ghe.com', 'docker', 'unavailable', false),
    -- On a GitHub Enterprise Server only the Container registry has permissions of its own.
    ('ghes', 'container', 'granular', true),
    ('ghes', 'npm', 'repository_scoped', true),
    ('ghes', 'nuget', 'repository_scoped', true),
    ('ghes', 'rubygems', 'repository_scoped', true),
    ('ghes', 'maven', 'repository_scoped', true),
    ('ghes', 'docker', 'repository_scoped', true)
) as kinds (edition, package_type, kind, has_public_repositories);
