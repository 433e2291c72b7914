-- grant_questions: one row a package whose Actions access a person has to look up, the most exposed first.
-- Those are private and internal packages of a granular registry about which PKG001 cannot tell, or tells on no more
-- than a default or a sign.
select
    packages.org,
    packages.package_type,
    packages.name as package,
    packages.visibility,
    case when packages.connection = 'connected' then packages.repository end as connected_repository,
    packages.settings_url,
    case
        when verdicts.verdict = 'fail'
            or verdicts.reason_code = 'contradicted'
            or packages.repository_visibility = 'public' then 1
        when packages.connection = 'connected' then 2
        when packages.connection = 'unknown' then 3
        else 4
    end as place,               -- 1: some sign of a public repository ... 4: no sign of any
    verdicts.verdict,
    verdicts.reason_code,
    verdicts.evidence_level
from verdicts
inner join packages
    on verdicts.org = packages.org
    and verdicts.package = packages.subject
where verdicts.rule = 'PKG001'
    and packages.registry_kind = 'granular'
    and packages.visibility in ('private', 'internal')
    and (
        verdicts.verdict = 'unknown'
        or (verdicts.verdict = 'fail' and verdicts.evidence_level in ('implied', 'suggested'))
    )
