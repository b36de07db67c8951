-- One row per agreement in force whose next renewal falls within the months ahead: its value now
-- and then (R13).
with known_terms as (
    select
        k.agreement_id,
        k.customer_id,
        k.customer_name,
        k.account_manager,
        k.ends_on,
        k.notice_months,
        model.plus_years(k.anniversary_on, model.years_since(k.anniversary_on, as_of) + 1)
            as renewal_on,
    from model.known_agreements(as_of, customer_ids) as k
),

current_values as (
    select
        k.agreement_id,
        k.customer_id,
        k.customer_name,
        k.account_manager,
        k.renewal_on,
        s.registered_users,
        s.invoiced_users,
        s.rate,
        s.next_rate,
        s.next_full_rate,
        s.next_full_version,
        s.is_next_missed,
        case
            when k.ends_on = k.renewal_on - 1 then 'ending'
            when as_of > model.termination_deadline(k.renewal_on - 1, k.notice_months)
                then 'will_renew'
            else 'open'
        end as renewal_status,
    from known_terms as k
    inner join model.agreement_states as s
        on k.agreement_id = s.agreement_id and model.is_within(as_of, s.known_from, s.known_until)
    where s.is_in_force and k.renewal_on <= cast(as_of + to_months(months) as date)
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
        case when c.renewal_status = 'ending' then 0 else c.registered_users end as users_next,
        case when c.renewal_status <> 'ending' then c.next_rate end as rate_next,
        case
            when c.renewal_status = 'ending' then cast(0 as decimal(18, 2))
            else model.ore(c.registered_users * c.next_rate)
        end as value_next,
        case
            when c.renewal_status = 'ending' then cast(0 as decimal(18, 2))
            else model.ore((c.registered_users - c.invoiced_users) * c.rate)
        end as seats_change,
        case
            when c.renewal_status = 'ending' then cast(0 as decimal(18, 2))
            else model.ore((c.next_rate - c.rate) * c.registered_users)
        end as price_change,
        case
            when c.renewal_status = 'ending' then -model.ore(c.invoiced_users * c.rate)
            else cast(0 as decimal(18, 2))
        end as lost,
        case
            when c.renewal_status = 'ending' then cast(0 as decimal(18, 2))
            when not c.is_next_missed then cast(0 as decimal(18, 2))
            else model.ore(c.registered_users * (c.next_full_rate - c.next_rate))
        end as missed_price_change,
        case
            when c.renewal_status <> 'ending' and c.is_next_missed then c.next_full_version
        end as missed_version,
    from current_values as c
    left join stored.user_bands as b
        on c.invoiced_users >= b.from_users
        and c.invoiced_users <= coalesce(b.to_users, model.no_limit())
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
    -- the parts add up to the value at renewal, to the øre, where all are known
    coalesce(j.value_next - j.value_now - j.seats_change - j.lost, j.price_change) as price_change,
    j.lost,
    j.missed_price_change,
    j.missed_version,
    j.user_band,
from joined as j
