-- workflow_attestations: one row a step or called workflow that attests what was built.
create or replace view workflow_attestations as
with unnested as (
    select
        workflow_files.org,
        workflow_files.repository_id,
        workflow_files.repository,
        workflow_files.path,
        unnest(workflow_facts.attestations) as attested
    from workflow_files
    join workflow_facts using (blob_sha, kind)
    where workflow_files.status = 'read'
        and workflow_files.is_root
)

select
    org,
    repository_id,
    repository,
    path,
    attested.job as job,
    attested.line as line,
    attested.text as text
from unnested
union
-- What an action or workflow is made for, its name says.
select
    org,
    repository_id,
    repository,
    path,
    job,
    line,
    uses as text
from workflow_uses
where name in ('actions/attest', 'actions/attest-build-provenance', 'actions/attest-sbom')
    or name like 'slsa-framework/slsa-github-generator/%';
