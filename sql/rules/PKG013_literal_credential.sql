-- id: PKG013
-- name: literal-credential
-- title: Literal credential at a registry login
-- severity: critical
-- subject: registry login
-- population: Every login to a GitHub Packages registry in workflows, in the reusable workflows and composite actions
--   they call, and in dependabot.yml.
-- description: A token or password that stands in the text of a workflow, where a registry login reads it.
-- why: Everyone who can read the repository, its forks, its history or a copy of it has the credential. It is masked
--   here before anything is stored.
-- fails_when: The credential of a registry login is a literal, whether it looks like a GitHub token or like any other
--   password.
-- passes_when: The credential comes from a secret, from GITHUB_TOKEN, from an App or from OIDC.
-- unknown_when: The credential can't be resolved, so that its source may be a literal.
-- not_applicable_when: Never.
-- remediation: Revoke the token now, wherever it was made. Then use GITHUB_TOKEN with Actions access to the package.
--   Removing the line does not help, because the history keeps it.
-- references: Using secrets in GitHub Actions; Token expiration and revocation; Publishing and installing a package
--   with GitHub Actions
-- version: 1

select
    org,
    subject,
    case
        when stale then 'unknown'
        -- A literal at a host that the text does not tell may be for another registry.
        when credential = 'literal' and registry = '' then 'unknown'
        when credential = 'literal' then 'fail'
        when credential = 'unknown' then 'unknown'
        else 'pass'
    end as verdict,
    case
        when stale then 'stale'
        when credential = 'unknown' or (credential = 'literal' and registry = '')
            then coalesce(reason_code, 'unresolved_expression')
    end as reason_code,
    case when credential = 'literal' and registry <> '' and not stale then 'critical' end as severity,
    case
        when credential <> 'unknown' and not (credential = 'literal' and registry = '') and not stale then 'proven'
    end as evidence_level,
    case
        when stale then concat(place, ', was not read again for longer than facts may age.')
        when credential = 'literal' and registry = '' then concat(
            place,
            ', logs in with a credential that stands in its text, but the text does not tell whether the host is',
            ' a GitHub Packages registry.'
        )
        when credential = 'literal' then concat(
            place, ', logs in to ', registry_phrase, ' with a credential that stands in its text',
            coalesce(concat(', line ', line), ''), '.'
        )
        when credential = 'unknown' then concat(
            'Whether the credential with which ', place, ', logs in to ', registry_phrase, ' is a literal is not known',
            coalesce(concat(': ', rtrim(reason, '.')), ''), '.'
        )
        else concat(place, ', logs in to ', registry_phrase, ' with a credential that is not in its text.')
    end as reason,
    repository,
    null::varchar as package,
    path,
    line,
    nullif(registry, '') as registry,
    credential,
    null::varchar as secret,
    coalesce(hops, '[]'::json) as hops,
    case
        when credential = 'literal' and registry <> '' and not stale
            then to_json({'registry': registry, 'form': form, 'repository_visibility': repository_visibility})
    end as evidence
from registry_logins
