-- One row per export whose rows have a day, with its newest day up to the as-of date (null without
-- rows by then), and how many days old that may be (R14).
select 'tickets' as export, max(t.opened_on) as newest_on, 30 as most_days
from model.tickets_on(as_of) as t
union all
select 'user_counts' as export, max(u.counted_on) as newest_on, 45 as most_days
from main.user_counts as u
where u.counted_on <= as_of
union all
select 'invoices' as export, max(i.issued_on) as newest_on, 45 as most_days
from main.invoices as i
where i.issued_on <= as_of
