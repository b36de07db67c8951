-- One row per ticket that was opened and not closed by the as-of date, whatever its age, with what
-- its figures are broken down by (R10).
select
    t.file_id,
    t.line,
    t.ticket_id,
    t.customer_id,
    c.customer_name,
    c.account_manager,
    coalesce(c.user_band, 'unknown') as user_band,
    c.product,
    c.complexity,
    c.price_basis,
    c.subscription_year,
    t.opened_at,
    t.title,
    t.status,
    t.channel,
    t.category,
    t.severity,
    t.scope,
    case when t.is_access_down then 'access_down' else 'other' end as class,
    t.owner,
    date_diff('day', t.opened_on, as_of) as days_open,
from model.open_tickets_on(as_of, customer_ids) as t
left join model.customer_traits(as_of, customer_ids) as c on t.customer_id = c.customer_id
