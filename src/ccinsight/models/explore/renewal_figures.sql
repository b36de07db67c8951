-- One row per agreement in force whose next renewal falls within the twelve months ahead (R13),
-- with what its figures are broken down by.
select
    r.agreement_id,
    r.customer_id,
    r.customer_name,
    r.account_manager,
    coalesce(c.user_band, 'unknown') as user_band,
    t.product,
    t.complexity,
    t.price_basis,
    cast(year(t.subscribed_on) as varchar) as subscription_year,
    cast(date_trunc('month', r.renewal_on) as date) as renewal_month,
    model.quarter_name(r.renewal_on) as renewal_quarter,
    r.renewal_on,
    r.renewal_status,
    r.value_now,
    r.value_next,
    r.seats_change,
    r.price_change,
    r.lost,
    r.missed_price_change,
from model.coming_renewals(as_of, customer_ids, 12) as r
inner join model.agreement_terms as t on r.agreement_id = t.agreement_id
left join model.customers_on(as_of, customer_ids) as c on r.customer_id = c.customer_id
