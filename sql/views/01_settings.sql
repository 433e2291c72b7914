-- settings: one row in all, the thresholds that rules and views read.
create or replace view settings as
select
    stale_package_days,     -- PKG012: no new version for so long is stale
    max_fact_age_days,      -- a fact that was not read again for so long is no longer believed
    max_list_age_days,      -- the same for the lists of packages and repositories
    probe_max_age_days      -- a probe's answer holds so long
from setting;
