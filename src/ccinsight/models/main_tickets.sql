-- One row per ticket, with the customer found for it.
select
    r.ticket_id,
    coalesce(r.customer_id, c.customer_id) as customer_id,
    r.opened_at,
    r.first_reply_at,
    r.closed_at,
    r.title,
    r.status,
    r.channel,
    r.category,
    r.severity,
    r.contact,
    r.contact_role,
    r.owner,
    r.minutes_spent,
    r.minutes_to_invoice,
from stored.tickets as r
left join model.customer_references as c
    on r.customer_id is null and coalesce(r.org_number, '') = c.org_number and coalesce(r.customer_name, '') = c.customer_name
