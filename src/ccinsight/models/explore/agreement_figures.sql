-- One row per agreement in force and closing day: the last of each month from first_day on, and
-- last_day, no later than the as-of date. Its users and revenue on that day (R7, R9), with what
-- they are broken down by. first_day null: the twelve months up to last_day. The customer's
-- user band is that of the as-of date. closes_quarter, closes_span: the last of these days in its
-- quarter, and of all.
with days as (
    select
        d.*,
        t.customer_name,
        t.account_manager,
        t.product,
        t.complexity,
        t.price_basis,
        cast(year(t.subscribed_on) as varchar) as subscription_year,
        least(last_day, as_of) as span_end,
        model.known_end(d.on_day, t.notice_on, t.noticed_end, t.gone_on) is not null
        and coalesce(s.successor_begins_on <= d.on_day, true) as is_ending,
    from
        model.revenue_days(
            as_of,
            customer_ids,
            model.closing_days(
                least(last_day, as_of),
                datediff(
                    'month',
                    coalesce(first_day, model.year_before(least(last_day, as_of)) + 1),
                    least(last_day, as_of)
                )
            )
        ) as d
    inner join model.agreement_terms as t on d.agreement_id = t.agreement_id
    left join model.successors as s on d.agreement_id = s.agreement_id
)

select
    v.agreement_id,
    v.on_day,
    v.customer_id,
    v.customer_name,
    v.account_manager,
    coalesce(c.user_band, 'unknown') as user_band,
    coalesce(b.user_band, 'unknown') as invoiced_band,
    v.product,
    v.complexity,
    v.price_basis,
    v.subscription_year,
    cast(date_trunc('month', v.on_day) as date) as month,
    model.quarter_name(v.on_day) as quarter,
    v.on_day = v.span_end
    or model.quarter_name(v.on_day) <> model.quarter_name(v.on_day + 1) as closes_quarter,
    v.on_day = v.span_end as closes_span,
    v.users as invoiced_users,
    case when v.revenue is null then v.users else 0 end as unpriced_users,
    cast(v.rate as decimal(18, 2)) as rate,
    model.ore(v.revenue) as annual_value,
    cast(model.ore(v.revenue) as double) / 12 as monthly_value,
    case when v.is_ending then cast(0 as decimal(18, 2)) else model.ore(v.revenue) end
        as committed_value,
from days as v
left join model.customers_on(as_of, customer_ids) as c on v.customer_id = c.customer_id
left join stored.user_bands as b
    on v.users >= b.from_users and v.users <= coalesce(b.to_users, model.no_limit())
