-- One row per agreement in force: the status meeting of its current period (R12), with what it is
-- broken down by.
select
    m.agreement_id,
    m.customer_id,
    m.customer_name,
    m.account_manager,
    coalesce(c.user_band, 'unknown') as user_band,
    t.product,
    t.complexity,
    t.price_basis,
    cast(year(t.subscribed_on) as varchar) as subscription_year,
    m.status,
    m.period_start,
    m.period_end,
    m.held_on,
    m.planned_on,
    m.best_before,
    m.missed_periods,
    m.status = 'held' as is_held,
    m.status = 'overdue' as is_overdue,
from model.period_meetings(as_of, customer_ids) as m
inner join model.agreement_terms as t on m.agreement_id = t.agreement_id
left join model.customers_on(as_of, customer_ids) as c on m.customer_id = c.customer_id
