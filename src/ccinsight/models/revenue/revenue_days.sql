-- One row per agreement in force and day in days, none of them after the as-of date: users (R5),
-- invoiced users (R7), rate (R6) and recurring revenue (R9) on that day. What they rest on was
-- known on that day, so they stay as they are.
with listed_days as (
    select unnest(days) as on_day
)

select
    s.agreement_id,
    s.customer_id,
    d.on_day,
    s.registered_users,
    s.active_users,
    s.invoiced_users as users,
    s.rate,
    s.invoiced_users * s.rate as revenue,
from model.agreement_states as s
inner join listed_days as d on model.is_within(d.on_day, s.known_from, s.known_until)
where
    s.is_in_force
    and s.known_from <= as_of
    and (customer_ids is null or s.customer_id in (select unnest(customer_ids)))
