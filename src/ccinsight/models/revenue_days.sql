-- One row per agreement in force and day in days: invoiced users (R7), rate (R6) and recurring revenue (R9) on that day,
-- as known on the as-of date.
with wanted as (
    select distinct unnest(days) as on_day,
),

placed as (
    select
        r.*,
        w.on_day,
    from model.rated_periods(as_of, customer_ids, list_min(days), list_max(days)) as r
    inner join wanted as w
        on r.period_start <= w.on_day and r.period_end >= w.on_day and (r.ends_on is null or r.ends_on >= w.on_day)
)

select
    p.agreement_id,
    p.customer_id,
    p.on_day,
    p.period_start,
    case when p.users_on_start is not null then coalesce(b.billed_users, p.users_on_start) end as users,
    p.rate,
    case when p.users_on_start is not null then coalesce(b.billed_users, p.users_on_start) end * p.rate as revenue,
from placed as p
left join model.billed_steps as b
    on p.agreement_id = b.agreement_id
    and p.period_start = b.period_start
    and least(p.on_day, as_of) >= b.counted_on
    and least(p.on_day, as_of) < b.next_counted_on
