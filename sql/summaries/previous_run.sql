-- previous_run: one row an organization that has a baseline: the judgement its findings are compared with.
select
    compared_judgements.org,
    judgement.judgement_id,
    judgement.run_id,
    judgement.as_of
from compared_judgements
inner join judgement
    on compared_judgements.from_judgement = judgement.judgement_id
