-- One row per agreement and period, from the first to the one after the current: users, rate, value, and why that rate.
select
    r.agreement_id,
    r.customer_id,
    r.period_number,
    r.period_start,
    r.period_end,
    r.renewal_on,
    r.termination_deadline,
    r.price_notice_deadline,
    r.users_on_start,
    case when r.users_on_start is not null then coalesce(b.billed_users, r.users_on_start) end as invoiced_users,
    cast(r.rate as decimal(18, 2)) as rate,
    model.ore(case when r.users_on_start is not null then coalesce(b.billed_users, r.users_on_start) end * r.rate)
        as annual_value,
    r.price_version,
    r.price_source,
    r.announce_by,
    case when r.is_price_missed then r.full_version end as missed_version,
    case when r.is_price_missed then v.announced_on end as missed_announced_on,
    case when r.is_price_missed then cast(r.full_rate as decimal(18, 2)) end as missed_rate,
    r.product,
    r.complexity,
    r.users_counted_on as counted_on,
    r.step_users,
    o.announced_on,
    r.is_short
from model.rated_periods(as_of, customer_ids, date '1900-01-01', cast(as_of + interval 1 year as date)) as r
left join model.billed_steps as b
    on r.agreement_id = b.agreement_id
    and r.period_start = b.period_start
    and least(r.period_end, as_of) >= b.counted_on
    and least(r.period_end, as_of) < b.next_counted_on
left join model.agreement_versions as v
    on r.agreement_id = v.agreement_id and r.full_source = v.price_source and r.full_version = v.valid_from
left join model.agreement_versions as o
    on r.agreement_id = o.agreement_id and r.price_source = o.price_source and r.price_version = o.valid_from
order by r.agreement_id, r.period_number
