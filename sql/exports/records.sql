-- records: one row a verdict with the fields that every format exports, in their published order.
select
    v.org,
    v.run_id,
    v.rule,
    v.verdict,
    v.reason_code,
    v.severity,
    v.evidence_level,
    v.subject,
    v.reason,
    v.fingerprint,
    strftime(v.first_seen, '%Y-%m-%dT%H:%M:%SZ') as first_seen,
    v.waived,
    v.repository,
    v.package,
    v.path,
    v.line,
    v.registry,
    v.credential,
    v.secret,
    v.hops,
    v.waiver_id
from verdicts as v
