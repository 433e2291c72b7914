-- verdicts_history: one row a rule, a subject and a span of judgements through which the verdict stayed the same.
create or replace view verdicts_history as
select
    verdict.org,
    verdict.rule,
    verdict.fingerprint,
    verdict.subject,
    verdict.verdict,
    verdict.reason_code,
    verdict.severity,
    verdict.evidence_level,
    verdict.reason,
    verdict.first_seen,
    verdict.waiver_id,
    verdict.valid_from_judgement,
    verdict.valid_to_judgement,
    opened.as_of as since,
    closed.as_of as until               -- the first judgement that said otherwise or nothing; null: it still holds
from verdict
join judgement as opened
    on verdict.org = opened.org
    and verdict.valid_from_judgement = opened.judgement_id
left join judgement as closed
    on verdict.org = closed.org
    and verdict.valid_to_judgement = closed.judgement_id;
