-- One row per agreement and period whose last day fell within the months up to the as-of date: did the agreement go on (R9).
-- The band is that of the users invoiced on that day.

with ended as (
    select
        r.agreement_id,
        r.customer_id,
        r.period_end,
        r.ends_on is null or r.ends_on > r.period_end as went_on,
        case when r.users_on_start is not null then coalesce(b.billed_users, r.users_on_start) end as users,
        case when r.users_on_start is not null then coalesce(b.billed_users, r.users_on_start) end * r.rate as value_due
    from model.rated_periods(as_of, customer_ids, cast(as_of - to_months(months) as date), as_of) as r
    left join model.billed_steps as b
        on r.agreement_id = b.agreement_id
        and r.period_start = b.period_start
        and r.period_end >= b.counted_on
        and r.period_end < b.next_counted_on
    where r.period_end > cast(as_of - to_months(months) as date) and r.period_end <= as_of
        and (r.ends_on is null or r.period_end <= r.ends_on)
)

select
    e.*,
    coalesce(b.user_band, 'unknown') as user_band
from ended as e
left join stored.user_bands as b
    on e.users >= b.from_users and e.users <= coalesce(b.to_users, 2147483647)
