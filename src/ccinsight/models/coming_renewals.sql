-- One row per agreement in force whose next renewal falls within the months ahead: its value now and then (R13).
-- The current periods and those that follow, as known on the as-of date.
with rated as (
    select r.*
    from model.rated_periods(as_of, customer_ids, as_of, cast(as_of + interval 1 year + interval 1 day as date)) as r
    where r.is_in_force
),

current_values as (
    select
        r.*,
        case when r.users_on_start is not null then coalesce(b.billed_users, r.users_on_start) end as invoiced_users,
        case
            when r.ends_on = r.period_end then 'ending'
            when as_of > r.termination_deadline then 'will_renew'
            else 'open'
        end as renewal_status,
    from rated as r
    left join model.billed_steps as b
        on r.agreement_id = b.agreement_id
        and r.period_start = b.period_start
        and as_of >= b.counted_on
        and as_of < b.next_counted_on
    where
        r.period_start <= as_of
        and r.period_end >= as_of
        and r.renewal_on <= cast(as_of + to_months(months) as date)
),

joined as (
    select
        c.agreement_id,
        c.customer_id,
        c.customer_name,
        c.account_manager,
        c.renewal_on,
        c.renewal_status,
        coalesce(b.user_band, 'unknown') as user_band,
        c.invoiced_users as users_now,
        c.rate as rate_now,
        model.ore(c.invoiced_users * c.rate) as value_now,
        case when c.renewal_status = 'ending' then 0 else f.users_on_start end as users_next,
        f.rate as rate_next,
        case
            when c.renewal_status = 'ending' then cast(0 as decimal(18, 2)) else model.ore(f.users_on_start * f.rate)
        end as value_next,
        case
            when c.renewal_status = 'ending' then cast(0 as decimal(18, 2))
            when f.rate is null then null
            else model.ore((f.users_on_start - c.invoiced_users) * c.rate)
        end as seats_change,
        case when c.renewal_status = 'ending' then -model.ore(c.invoiced_users * c.rate) else cast(0 as decimal(18, 2)) end as lost,
        case
            when c.renewal_status = 'ending' then cast(0 as decimal(18, 2))
            when not f.is_price_missed then cast(0 as decimal(18, 2))
            else model.ore(f.users_on_start * (f.full_rate - f.rate))
        end as missed_price_change,
        case when f.is_price_missed then f.full_version end as missed_version
    from current_values as c
    left join stored.user_bands as b
        on c.invoiced_users >= b.from_users and c.invoiced_users <= coalesce(b.to_users, 2147483647)
    left join rated as f on c.agreement_id = f.agreement_id and c.renewal_on = f.period_start
)

select
    j.agreement_id,
    j.customer_id,
    j.customer_name,
    j.account_manager,
    j.renewal_on,
    j.renewal_status,
    j.users_now,
    cast(j.rate_now as decimal(18, 2)) as rate_now,
    j.value_now,
    j.users_next,
    cast(j.rate_next as decimal(18, 2)) as rate_next,
    j.value_next,
    j.seats_change,
    case
        when j.renewal_status = 'ending' then cast(0 as decimal(18, 2))
        else j.value_next - j.value_now - j.seats_change
    end as price_change,
    j.lost,
    j.missed_price_change,
    j.missed_version,
    j.user_band
from joined as j
