-- Schema version 2: what an organization can offer as evidence of who uses a package, beside its lists and its files.

-- The newest event of its kind: one row an action, a package, a repository and a credential that published. An audit
-- log only grows, so a night reads what is newer than the night before, and no row is closed because it was not seen.
create table audit_event (
    org varchar not null,
    action varchar not null,            -- packages.package_version_published, ...
    ecosystem varchar not null,         -- '' where the event names none
    package_name varchar not null,
    repository_full_name varchar not null, -- '' where the event names none
    actor varchar not null,
    credential_type varchar not null,   -- programmatic_access_type: an open string; '' where there is none
    hashed_token varchar not null,      -- GitHub's own hash, never the token; '' where there is none
    actor_is_bot boolean,
    document_id varchar,                -- volatile
    version varchar,                    -- volatile
    created_at timestamp,               -- volatile: when the newest one happened
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- Who attested a version, as GitHub lists it by its digest; no signature was verified.
create table attestation (
    org varchar not null,
    package_id bigint not null,
    digest varchar not null,
    repository_id bigint not null,      -- whose workflow handed it in
    workflow_path varchar not null,     -- as the statement says; '' where it says nothing
    workflow_ref varchar not null,
    predicate_type varchar not null,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- The newest successful run of a workflow on the default branch, not from a fork.
create table workflow_run (
    org varchar not null,
    repository_id bigint not null,
    path varchar not null,
    run_id bigint not null,             -- volatile
    event varchar,                      -- volatile
    head_sha varchar,                   -- volatile
    created_at timestamp,               -- volatile
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- A credential that its owner authorized for the organization's single sign-on.
create table credential_authorization (
    org varchar not null,
    credential_id bigint not null,
    login varchar not null,
    credential_type varchar not null,
    scopes varchar[],
    authorized_at timestamp,
    accessed_at timestamp,              -- volatile
    expires_at timestamp,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);
