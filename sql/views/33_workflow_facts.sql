-- workflow_facts: one row a text that was parsed, with what it says as nested lists. The views below take it apart.
create or replace view workflow_facts as
with newest as (
    select
        blob_sha,
        kind,
        facts
    from blob_facts
    where status = 'parsed'
    -- A text is parsed once a parser version; the newest parser is right.
    qualify row_number() over (partition by blob_sha, kind order by parser_version desc) = 1
),

typed as (
    select
        blob_sha,
        kind,
        from_json(
            facts,
            '{
                "triggers": [{"name": "varchar", "line": "integer", "types": ["varchar"], "branches": ["varchar"]}],
                "permissions": {"line": "integer", "all": "varchar", "scopes": "map(varchar, varchar)"},
                "jobs": [{
                    "id": "varchar", "line": "integer", "name": "varchar", "uses": "varchar", "needs": ["varchar"],
                    "runs_on": "varchar", "environment": "varchar", "condition": "json",
                    "permissions": {"line": "integer", "all": "varchar", "scopes": "map(varchar, varchar)"}
                }],
                "uses": [{
                    "job": "varchar", "step": "integer", "text": "varchar", "line": "integer", "kind": "varchar",
                    "pin": "varchar", "receives_credential": "boolean"
                }],
                "calls": [{"job": "varchar", "step": "integer", "uses": "varchar", "secrets": "json"}],
                "secrets": [{"name": "varchar", "line": "integer", "job": "varchar"}],
                "outsider": [{"job": "varchar", "step": "integer", "line": "integer", "kind": "varchar", "text": "varchar"}],
                "attestations": [{"job": "varchar", "step": "integer", "line": "integer", "text": "varchar"}]
            }'
        ) as facts
    from newest
)

select
    blob_sha,
    kind,                                   -- workflow | action | dependabot | config
    facts.triggers,
    facts.permissions,                      -- null: the file declares none
    facts.jobs,
    facts.uses,
    facts.calls,
    facts.secrets,
    facts.outsider,                         -- code and text of outsiders that a job takes in
    facts.attestations
from typed;
