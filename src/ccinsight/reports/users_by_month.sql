-- One row per customer with an agreement in force and month: users on its last day, or the as-of date in the last (R5, R7).
-- active_users are those of the newest count that has them, up to that day.
with days_shown as (
    select
        cast(date_trunc('month', as_of) - to_months(n.back) as date) as first_day,
        case
            when n.back = 0 then as_of
            else last_day(cast(date_trunc('month', as_of) - to_months(n.back) as date))
        end as on_day
    from (select unnest(range(months)) as back) as n
),

invoiced as (
    select
        r.customer_id,
        r.on_day,
        max(r.users) as invoiced_users
    from model.revenue_days(as_of, customer_ids, model.closing_days(as_of, months - 1)) as r
    group by r.customer_id, r.on_day
),

owned as (
    select
        a.customer_id,
        d.on_day,
        max(a.registered_users) as own_users
    from model.known_agreements(as_of, customer_ids) as a
    inner join days_shown as d on a.subscribed_on <= d.on_day and coalesce(a.ends_on, date '9999-12-31') >= d.on_day
    group by a.customer_id, d.on_day
),

used as (
    select
        d.on_day,
        s.customer_id,
        arg_max(s.active_users, s.counted_on) as active_users
    from days_shown as d
    inner join model.user_spans as s on s.counted_on <= d.on_day and s.active_users is not null
    where customer_ids is null or s.customer_id in (select unnest(customer_ids))
    group by d.on_day, s.customer_id
)

select
    o.customer_id,
    d.first_day as month,
    coalesce(s.registered_users, o.own_users) as registered_users,
    u.active_users,
    i.invoiced_users
from days_shown as d
inner join owned as o on d.on_day = o.on_day
left join model.user_spans as s
    on o.customer_id = s.customer_id and d.on_day >= s.counted_on and d.on_day < s.next_counted_on
left join used as u on o.customer_id = u.customer_id and d.on_day = u.on_day
left join invoiced as i on o.customer_id = i.customer_id and d.on_day = i.on_day
order by o.customer_id, d.first_day
