-- One row per agreement and span between two successive days of days on one of which it is in
-- force, none of the days after the as-of date: users (R5, R7), rate (R6) and revenue on both (R9).
-- What they rest on was known on those days, so they stay as they are.
with wanted as (
    select distinct unnest(days) as on_day,
),

spans as (
    select
        w.on_day as day_after,
        lag(w.on_day) over (order by w.on_day) as day_before,
    from wanted as w
),

-- Grouped: of each day an agreement has one state, and joining the two days' takes longer.
paired as (
    select
        d.day_before,
        d.day_after,
        s.customer_id,
        s.agreement_id,
        bool_or(s.known_from <= d.day_before) as was_in_force,
        bool_or(s.known_until > d.day_after) as is_in_force,
        max(s.invoiced_users) filter (where s.known_from <= d.day_before) as users_before,
        max(s.invoiced_users) filter (where s.known_until > d.day_after) as users_after,
        max(s.rate) filter (where s.known_from <= d.day_before) as rate_before,
        max(s.rate) filter (where s.known_until > d.day_after) as rate_after,
    from model.agreement_states as s
    inner join spans as d on s.known_from <= d.day_after and s.known_until > d.day_before
    where
        s.is_in_force
        and s.known_from <= as_of
        and (s.known_from <= d.day_before or s.known_until > d.day_after)
        and (customer_ids is null or s.customer_id in (select unnest(customer_ids)))
    group by d.day_before, d.day_after, s.customer_id, s.agreement_id
)

select
    p.*,
    model.ore(p.users_before * p.rate_before) as revenue_before,
    model.ore(p.users_after * p.rate_after) as revenue_after,
from paired as p
