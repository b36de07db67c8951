-- One row per customer with an agreement in force and month: users on its last day, or the as-of
-- date in the last (R5, R7). active_users are those of the newest count that has them, up to that
-- day.
select
    d.customer_id,
    cast(date_trunc('month', d.on_day) as date) as month,
    max(d.registered_users) as registered_users,
    max(d.active_users) as active_users,
    max(d.users) as invoiced_users,
from model.revenue_days(as_of, customer_ids, model.closing_days(as_of, months - 1)) as d
group by d.customer_id, d.on_day
order by d.customer_id, d.on_day
