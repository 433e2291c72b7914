-- changes: one row an organization that has a baseline: what happened to its findings since then, seven ways.
select
    compared_judgements.org,
    count(*) filter (where finding_changes.change = 'new') as new,
    count(*) filter (where finding_changes.change = 'worse') as worse,
    count(*) filter (where finding_changes.change = 'better') as better,
    count(*) filter (where finding_changes.change = 'fixed') as fixed,
    count(*) filter (where finding_changes.change = 'gone') as gone,
    count(*) filter (where finding_changes.change = 'not_examined') as not_examined,
    count(*) filter (where finding_changes.change = 'rule_changed') as rule_changed
from compared_judgements
left join finding_changes using (org)
group by compared_judgements.org
