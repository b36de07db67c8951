-- One row per agreement, period and kind of the periods that begin from first_day (null: a year
-- before last_day) to last_day, no later than the as-of date: what should have been invoiced and
-- what was (R7), with what it is broken down by.
select
    b.agreement_id,
    b.period_start,
    b.kind,
    b.customer_id,
    b.customer_name,
    b.account_manager,
    coalesce(c.user_band, 'unknown') as user_band,
    t.product,
    t.complexity,
    t.price_basis,
    cast(year(t.subscribed_on) as varchar) as subscription_year,
    cast(date_trunc('month', b.period_start) as date) as month,
    model.quarter_name(b.period_start) as quarter,
    b.expected,
    b.invoiced,
    b.difference,
    -- greatest() passes over unknown values, which must stay unknown
    case when b.difference is not null then greatest(b.difference, 0) end as unbilled,
    case when b.difference is not null then greatest(-b.difference, 0) end as overbilled,
from
    model.period_billing(
        as_of, customer_ids, coalesce(first_day, model.year_before(least(last_day, as_of)))
    ) as b
inner join model.agreement_terms as t on b.agreement_id = t.agreement_id
left join model.customers_on(as_of, customer_ids) as c on b.customer_id = c.customer_id
where b.period_start <= least(last_day, as_of)
