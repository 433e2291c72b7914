-- Schema version 1: what one organization said on each night, kept as intervals, and what the rules made of it.
--
-- The same tables stand in two kinds of file. In a stage (one crawl) a row is one answer and its interval is empty.
-- In the inventory a row holds from valid_from_run until valid_to_run (exclusive; null: it still holds).
-- coverage_family and coverage_subject name the coverage row that vouches for a fact: only where that coverage is
-- complete may a fact that was not seen again be closed; elsewhere it is carried forward.
-- Times are UTC without a zone. repository_id 0 stands for the organization itself.

create table schema_version (
    version integer not null,
    migrated_at timestamp not null,
    tool_version varchar not null
);

-- Which release's views stand in this file; they are made anew when another opens it for writing.
create table view_state (
    digest varchar not null
);

-- One row a crawl. run_id sorts by time within an organization.
create table run (
    run_id varchar primary key,
    org varchar not null,
    status varchar not null,            -- collecting | finished | published
    api_url varchar not null,
    web_url varchar not null,           -- where people open it: https://github.com
    edition varchar not null,           -- github.com | ghec | ghes | ghe.com
    started_at timestamp not null,
    ended_at timestamp,
    published_at timestamp,
    tool_version varchar not null,
    credentials json,                   -- [{name, kind, scopes, expires_at, login}], never a value
    options json,                       -- include, exclude, full, budgets: what the run was asked to read
    warnings json                       -- sentences for the report: expiry, partial results
);

-- What the run could and could not read, one row an endpoint family and subject.
create table coverage (
    org varchar not null,
    family varchar not null,            -- packages, repositories, workflow_trees, repo_secrets, ...
    subject varchar not null,           -- container/private, a repository id, a package id, '' for the organization
    status varchar not null,            -- complete | partial | denied | unavailable | failed | not_collected | carried
    http_status integer,
    reason varchar,                     -- reason code: forbidden_403, not_found_404, rate_limited, ...
    detail varchar,                     -- one sentence for a person
    seen bigint,                        -- items read
    expected bigint,                    -- items there should be, where something tells
    credential varchar,                 -- name of the credential that asked
    request_id varchar,                 -- x-github-request-id of the answer that decided
    observed_at timestamp,              -- when it was last read (for carried: the night it was)
    valid_from_run varchar,
    valid_to_run varchar
);

-- The evidence chain: every request that was answered. No body, no token.
create table request (
    run_id varchar not null,
    seq bigint not null,
    method varchar not null,
    path varchar not null,
    status integer not null,
    etag varchar,
    request_id varchar,
    body_sha256 varchar,
    observed_at timestamp not null,
    credential varchar,
    family varchar,
    subject varchar
);

-- Pages of a crawl that are safely in the stage (stage files only).
create table checkpoint (
    family varchar not null,
    subject varchar not null,
    page integer not null,              -- 0: the whole subject is done
    state json                          -- what the next page needs: cursor, total
);

create table organization (
    org varchar not null,
    organization_id bigint not null,
    login varchar not null,
    name varchar,
    plan varchar,
    public_repos bigint,
    total_private_repos bigint,
    default_repository_permission varchar,
    members_can_create_public_repositories boolean,
    members_can_fork_private_repositories boolean,
    two_factor_requirement_enabled boolean,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table package (
    org varchar not null,
    package_id bigint not null,
    package_type varchar not null,      -- container, npm, maven, nuget, rubygems, docker
    name varchar not null,
    owner varchar,
    visibility varchar not null,        -- of the sweep that returned it: public, internal, private
    reported_visibility varchar,        -- the field of the answer, an open string
    listed_repository varchar not null, -- present | null | absent, in the list answer
    repository_id bigint,
    repository_full_name varchar,
    html_url varchar,
    created_at timestamp,
    updated_at timestamp,               -- volatile
    version_count bigint,               -- volatile
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- The single-package answer, asked where the list did not name a repository.
create table package_connection (
    org varchar not null,
    package_id bigint not null,
    repository_id bigint,               -- null: connected to none
    repository_full_name varchar,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table package_version (
    org varchar not null,
    package_id bigint not null,
    version_id bigint not null,
    name varchar not null,              -- container: sha256:...
    tags varchar[],
    created_at timestamp,
    updated_at timestamp,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table repository (
    org varchar not null,
    repository_id bigint not null,
    full_name varchar not null,         -- owner/name
    name varchar not null,
    visibility varchar not null,        -- public, internal, private
    fork boolean not null,
    archived boolean,
    disabled boolean,
    default_branch varchar,
    allow_forking boolean,              -- about private forks only
    pull_request_creation_policy varchar, -- all | collaborators_only
    html_url varchar,
    created_at timestamp,
    pushed_at timestamp,                -- volatile
    forks_count bigint,                 -- volatile
    size bigint,                        -- volatile
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table repository_property (
    org varchar not null,
    repository_id bigint not null,
    property_name varchar not null,
    value varchar,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table team (
    org varchar not null,
    team_id bigint not null,
    slug varchar not null,
    name varchar,
    privacy varchar,
    parent_slug varchar,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table team_repository (
    org varchar not null,
    team_slug varchar not null,
    repository_id bigint not null,
    role varchar,                       -- pull, triage, push, maintain, admin, or a custom role
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- What the tree of a repository's default branch was when its files were read.
create table repository_tree (
    org varchar not null,
    repository_id bigint not null,
    default_branch varchar,
    github_tree_oid varchar,            -- of .github; null: there is none
    root_tree_oid varchar,              -- volatile: every push moves it
    pushed_at timestamp,                -- volatile: the repository's when the tree was read
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table workflow_file (
    org varchar not null,
    repository_id bigint not null,
    path varchar not null,
    kind varchar not null,              -- workflow | action | dependabot | codeowners | config
    blob_sha varchar,
    mode varchar,
    size bigint,
    status varchar not null,            -- read | skipped | failed
    reason varchar,                     -- too_large, symlink, submodule, timeout, ...
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- Content-addressed text, stored once; literal credentials were masked at equal length before it came here.
create table blob (
    blob_sha varchar not null,          -- git's id of the unmasked bytes, verified on receipt
    size bigint not null,
    content blob using compression zstd not null, -- half of what DuckDB would choose itself
    masked integer not null             -- how many literals were masked
);

-- What one text says, once per parser version.
create table blob_facts (
    blob_sha varchar not null,
    kind varchar not null,              -- read as workflow, action, dependabot or config
    parser_version integer not null,
    status varchar not null,            -- parsed | parse_error
    error_line integer,
    error varchar,
    facts json using compression zstd
);

create table actions_permissions (
    org varchar not null,
    repository_id bigint not null,
    enabled boolean,                    -- of a repository
    enabled_repositories varchar,       -- of the organization: all | none | selected
    allowed_actions varchar,
    sha_pinning_required boolean,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- Repositories in which the organization enabled Actions, where it selects them.
create table actions_enabled_repository (
    org varchar not null,
    repository_id bigint not null,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table workflow_permissions (
    org varchar not null,
    repository_id bigint not null,
    default_workflow_permissions varchar, -- read | write
    can_approve_pull_request_reviews boolean,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table fork_approval (
    org varchar not null,
    repository_id bigint not null,
    approval_policy varchar,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- Fork pull request workflows in private and internal repositories.
create table fork_private_settings (
    org varchar not null,
    repository_id bigint not null,
    run_workflows_from_fork_pull_requests boolean,
    send_write_tokens_to_workflows boolean,
    send_secrets_and_variables boolean,
    require_approval_for_fork_pr_workflows boolean,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table actions_policy (
    org varchar not null,
    repository_id bigint not null,
    name varchar not null,
    enforcement varchar,                -- disabled | active | evaluate
    source_type varchar,
    conditions json,
    rules json,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table environment (
    org varchar not null,
    repository_id bigint not null,
    name varchar not null,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- Metadata of stored secrets. No API gives a value.
create table secret (
    org varchar not null,
    store varchar not null,             -- actions | dependabot
    scope varchar not null,             -- organization | repository | environment
    repository_id bigint not null,
    environment varchar not null,       -- '' outside an environment
    name varchar not null,
    visibility varchar,                 -- of an organization's secret: all | private | selected
    created_at timestamp,
    updated_at timestamp,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table secret_repository (
    org varchar not null,
    store varchar not null,
    name varchar not null,
    repository_id bigint not null,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table variable (
    org varchar not null,
    scope varchar not null,             -- organization | repository | environment
    repository_id bigint not null,
    environment varchar not null,
    name varchar not null,
    value varchar,                      -- masked where it looks like a credential
    visibility varchar,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- What collector/workflows/link made of the files: one row a place of authentication, call path and matrix row.
create table registry_login (
    org varchar not null,
    repository_id bigint not null,      -- of the root workflow: whose secrets and GITHUB_TOKEN it uses
    path varchar not null,
    job varchar not null,
    form varchar not null,
    registry varchar not null,          -- container, docker, npm, maven, nuget, rubygems, api
    credential varchar not null,        -- pat, github_token, app_token, oidc, literal, unknown
    credential_name varchar not null,
    ordinal integer not null,
    host varchar,
    expression varchar,
    via varchar,
    line integer,
    login_repository varchar,
    login_path varchar,
    login_line integer,
    step varchar,
    operation varchar,                  -- pull, push, delete, restore, unknown
    fallback boolean,
    sources json,
    hops json,
    reason_code varchar,
    reason varchar,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

create table package_reference (
    org varchar not null,
    repository_id bigint not null,
    path varchar not null,
    job varchar not null,
    kind varchar not null,              -- container_image, docker_push, npm_publish, ...
    registry varchar not null,
    host varchar,
    namespace varchar,
    name varchar,
    reference varchar,                  -- tag or digest
    operation varchar not null,         -- pull, push, delete, restore
    ordinal integer not null,
    line integer,
    resolved boolean not null,
    reason varchar,
    coverage_family varchar not null, coverage_subject varchar not null,
    observed_at timestamp, valid_from_run varchar, valid_to_run varchar
);

-- Declared Actions access: a person read it off the settings page. Belongs to no run.
create table declared_grant (
    org varchar not null,
    package_type varchar not null,
    package_name varchar not null,      -- a glob where the row is one
    repository varchar not null,        -- owner/name; '' in a row that only says whether the list is complete
    role varchar,                       -- read | write | admin | none
    complete boolean not null,          -- this and its sibling rows are the whole list
    inherits boolean,                   -- "inherits access from its repository?"; null: not answered
    declared_by varchar not null,
    declared_at date not null,
    expires_at date not null,
    imported_at timestamp not null,
    source varchar not null             -- file and line
);

-- What a repository's own GITHUB_TOKEN was answered.
create table probe_answer (
    org varchar not null,
    package_id bigint not null,
    repository_id bigint not null,
    right_asked varchar not null,       -- read
    granted boolean not null,
    from_fork boolean not null,
    http_status integer,
    answered_at timestamp not null,
    expires_at timestamp not null,
    source varchar not null             -- run, commit and blob of the workflow that asked
);

-- One row: thresholds the rules read.
create table setting (
    stale_package_days integer not null,
    max_fact_age_days integer not null,
    max_list_age_days integer not null,
    probe_max_age_days integer not null
);
insert into setting values (365, 30, 2, 30);

-- Severities an organization set otherwise, per rule and variant.
create table severity_override (
    rule varchar not null,
    severity varchar not null,          -- what the rule says
    instead varchar not null            -- what the organization wants
);

-- One evaluation of all rules over one run.
create table judgement (
    judgement_id varchar primary key,   -- run_id and a number; sorts by time within an organization
    run_id varchar not null,
    org varchar not null,
    as_of timestamp not null,           -- the end of the run; no rule reads a clock
    rules_digest varchar not null,
    waivers_digest varchar not null,
    grants_digest varchar not null,
    settings_digest varchar not null,
    rules_version varchar not null,
    judged_at timestamp not null
);

-- Every subject of every rule, as intervals over judgements.
create table verdict (
    org varchar not null,
    rule varchar not null,
    fingerprint varchar not null,
    subject varchar not null,
    verdict varchar not null,           -- pass | fail | unknown | not_applicable
    reason_code varchar,
    severity varchar,
    evidence_level varchar,
    reason varchar not null,            -- one sentence that names the thing
    repository varchar,                 -- owner/name
    package varchar,                    -- type:owner/name
    path varchar,                       -- of the workflow file
    line integer,
    registry varchar,
    credential varchar,
    secret varchar,
    hops json,
    evidence_digest varchar,            -- of what a waiver binds to
    first_seen timestamp,
    waiver_id varchar,
    valid_from_judgement varchar not null,
    valid_to_judgement varchar          -- null: it still holds
);
