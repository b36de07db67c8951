-- One row per agreement and span between two successive days of days on one of which it is in
-- force: users, rate and revenue on both (R9).
with wanted as (
    select distinct unnest(days) as on_day,
),

spans as (
    select
        w.on_day as day_after,
        lag(w.on_day) over (order by w.on_day) as day_before,
    from wanted as w
),

values_on as (
    select
        v.agreement_id,
        v.customer_id,
        v.on_day,
        v.users,
        v.rate,
        model.ore(v.revenue) as revenue,
    from model.revenue_days(as_of, customer_ids, days) as v
),

befores as (
    select s.day_before, s.day_after, v.*
    from spans as s
    inner join values_on as v on s.day_before = v.on_day
),

afters as (
    select s.day_before, s.day_after, v.*
    from spans as s
    inner join values_on as v on s.day_after = v.on_day
    where s.day_before is not null
)

select
    coalesce(a.day_before, b.day_before) as day_before,
    coalesce(a.day_after, b.day_after) as day_after,
    coalesce(a.customer_id, b.customer_id) as customer_id,
    coalesce(a.agreement_id, b.agreement_id) as agreement_id,
    b.agreement_id is not null as was_in_force,
    a.agreement_id is not null as is_in_force,
    b.users as users_before,
    a.users as users_after,
    b.rate as rate_before,
    a.rate as rate_after,
    b.revenue as revenue_before,
    a.revenue as revenue_after,
from befores as b
full outer join afters as a on b.day_after = a.day_after and b.agreement_id = a.agreement_id
