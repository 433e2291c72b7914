-- verdicts: one row a rule and subject, as the newest judgement of the newest run has it.
create or replace view verdicts as
with newest as (
    select
        judgement.org,
        judgement.judgement_id,
        judgement.run_id,
        judgement.as_of
    from judgement
    join current_run using (org, run_id)
    qualify row_number() over (partition by judgement.org order by judgement.judgement_id desc) = 1
)

select
    verdict.org,
    newest.run_id,
    newest.judgement_id,
    verdict.rule,
    verdict.fingerprint,
    verdict.subject,
    verdict.verdict,            -- pass | fail | unknown | not_applicable
    verdict.reason_code,
    verdict.severity,           -- critical | high | medium | low
    verdict.evidence_level,     -- proven | declared | implied | suggested
    verdict.reason,
    verdict.repository,
    verdict.package,
    verdict.path,
    verdict.line,
    verdict.registry,
    verdict.credential,
    verdict.secret,
    verdict.hops,
    verdict.evidence_digest,
    verdict.first_seen,
    verdict.waiver_id,
    verdict.waiver_id is not null as waived,
    newest.as_of,
    verdict.valid_from_judgement,
    verdict.valid_to_judgement
from verdict
join newest using (org)
where verdict.valid_from_judgement <= newest.judgement_id
    and (verdict.valid_to_judgement is null or newest.judgement_id < verdict.valid_to_judgement);
