-- One row per customer and month with tickets that count: the last day of one, and whether an IT operator opened any.
select
    t.customer_id,
    cast(date_trunc('month', t.opened_on) as date) as first_day,
    max(t.opened_on) as last_opened_on,
    coalesce(bool_or(t.contact_role = 'it_operations'), false) as has_it_operations
from model.ticket_facts as t
where t.customer_id is not null
group by t.customer_id, cast(date_trunc('month', t.opened_on) as date)
