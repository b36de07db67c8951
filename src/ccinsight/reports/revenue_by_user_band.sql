-- One row per user band, by the billable users of the agreements in force; `unknown` only where
-- there are any. unpriced_users: those whose revenue is unknown, left out of revenue_per_user.
with valued as (
    select
        v.agreement_id,
        v.customer_id,
        v.users as invoiced_users,
        v.revenue as annual_value,
        coalesce(b.user_band, 'unknown') as user_band,
    from model.revenue_days(as_of, customer_ids, [as_of]) as v
    left join stored.user_bands as b
        on v.users >= b.from_users and v.users <= coalesce(b.to_users, model.no_limit())
),

bands as (
    select b.user_band, b.from_users from stored.user_bands as b
    union all
    select 'unknown' as user_band, model.no_limit() as from_users
)

select
    b.user_band,
    count(v.agreement_id) as agreements,
    count(distinct v.customer_id) as customers,
    case
        when count(v.agreement_id) = 0 then 0
        else cast(sum(v.invoiced_users) as bigint)
    end as users,
    case
        when count(v.agreement_id) = 0 then cast(0 as decimal(18, 2))
        else model.ore(sum(v.annual_value))
    end as revenue,
    model.ore(
        cast(
            sum(cast(v.annual_value as double))
            / nullif(sum(case when v.annual_value is not null then v.invoiced_users end), 0)
            as decimal(38, 10)
        )
    ) as revenue_per_user,
    case
        when count(v.agreement_id) = 0 then 0
        else
            cast(
                sum(case when v.annual_value is null then v.invoiced_users else 0 end) as bigint
            )
    end as unpriced_users,
from bands as b
left join valued as v on b.user_band = v.user_band
group by b.user_band, b.from_users
having b.user_band <> 'unknown' or count(v.agreement_id) > 0
order by b.from_users
