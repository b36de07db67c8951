-- One row per agreement in force and day in days, none of them after the as-of date: users (R5), invoiced users (R7), rate (R6)
-- and recurring revenue (R9) on that day. What they rest on was known on that day, so they stay as they are.
select
    s.agreement_id,
    s.customer_id,
    unnest(list_filter(days, lambda d: d >= s.known_from and d < s.known_until)) as on_day,
    s.registered_users,
    s.active_users,
    s.invoiced_users as users,
    s.rate,
    s.invoiced_users * s.rate as revenue,
from model.agreement_states as s
where
    s.is_in_force
    and s.known_from <= list_max(days)
    and s.known_until > list_min(days)
    and (customer_ids is null or s.customer_id in (select unnest(customer_ids)))
