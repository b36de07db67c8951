-- One row per ticket that was opened and not closed by the as-of date, whatever its age, with what
-- its figures are broken down by (R10).
select
    t.file_id,
    t.line,
    s.ticket_id,
    t.customer_id,
    c.customer_name,
    c.account_manager,
    coalesce(c.user_band, 'unknown') as user_band,
    c.product,
    c.complexity,
    c.price_basis,
    c.subscription_year,
    t.opened_at,
    s.title,
    s.status,
    t.channel,
    t.category,
    s.severity,
    t.scope,
    case when t.is_access_down then 'access_down' else 'other' end as class,
    s.owner,
    date_diff('day', t.opened_on, as_of) as days_open,
from model.tickets_on(as_of) as t
inner join stored.tickets as s on t.file_id = s.file_id and t.line = s.line
left join model.customer_traits(as_of, customer_ids) as c on t.customer_id = c.customer_id
where
    model.is_open_on(as_of, t.opened_at, t.closed_at, t.is_closed_unknown)
    and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
