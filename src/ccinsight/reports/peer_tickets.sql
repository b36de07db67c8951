-- One row per customer with an agreement in force: its tickets per user over the twelve months up
-- to the as-of date, and where it stands in its user band, whatever the filter (R11). The
-- percentile of fewer customers than `fewest` is unknown. The same figures as in utilization, in a
-- fifth of its time: a customer's page asks for all customers.
with usage as (
    select
        t.customer_id,
        count(*) as tickets,
    from model.tickets_on(as_of) as t
    where t.opened_on > model.year_before(as_of)
    group by t.customer_id
),

figures as (
    select
        c.customer_id,
        c.customer_name,
        c.user_band,
        cast(c.active_users as double) / nullif(c.active_counted_users, 0) as licence_use,
        coalesce(u.tickets, 0) as tickets,
        cast(coalesce(u.tickets, 0) as double) / nullif(c.registered_users, 0) as tickets_per_user,
    from model.customers_on(as_of, null) as c
    left join usage as u on c.customer_id = u.customer_id
    where c.agreements_in_force > 0
),

ranked as (
    select
        f.*,
        case when f.tickets_per_user is not null then percent_rank() over known end as percentile,
        count(f.tickets_per_user) over (partition by f.user_band) as band_known,
    from figures as f
    window known as (
        partition by f.user_band, f.tickets_per_user is null order by f.tickets_per_user
    )
)

select
    r.customer_id,
    r.customer_name,
    r.user_band,
    r.licence_use,
    r.tickets,
    r.tickets_per_user,
    case when r.band_known >= fewest then r.percentile end as percentile,
from ranked as r
where customer_ids is null or r.customer_id in (select unnest(customer_ids))
order by r.tickets desc, r.customer_id asc
