-- One row per export whose newest row by the as-of date is older than it may be (R14); none for an
-- export without rows by then.
select
    e.export || '_stale' as kind,
    e.newest_on,
    e.newest_on + e.most_days as last_day,
from model.export_ages(as_of) as e
where e.newest_on + e.most_days < as_of
