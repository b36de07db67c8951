-- One row per ticket, in the export's canonical columns.
select
    r.ticket_id,
    r.customer_id,
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
from model.resolved_tickets as r
