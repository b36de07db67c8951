-- One row per export whose newest row by the as-of date is older than it may be (R14); none for an export without rows by then.
with newest as (
    select 'tickets_stale' as kind, max(t.opened_on) as newest_on, 30 as days
    from model.tickets_on(as_of) as t
    union all
    select 'user_counts_stale' as kind, max(u.counted_on) as newest_on, 45 as days
    from main.user_counts as u
    where u.counted_on <= as_of
    union all
    select 'invoices_stale' as kind, max(i.issued_on) as newest_on, 45 as days
    from main.invoices as i
    where i.issued_on <= as_of
)

select n.kind, n.newest_on, n.newest_on + n.days as last_day
from newest as n
where n.newest_on + n.days < as_of
