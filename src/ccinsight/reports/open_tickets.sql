-- One row per ticket that was opened and not closed by the as-of date, whatever its age, oldest
-- first.
select
    t.ticket_id,
    t.customer_id,
    t.opened_at,
    date_diff('day', t.opened_on, as_of) as days_open,
    t.title,
    t.status,
    t.category,
    t.severity,
    t.scope,
    t.is_access_down,
    case
        when t.first_reply_at < model.end_of_day(as_of) then t.first_reply_at
    end as first_reply_at,
    t.owner,
from model.open_tickets_on(as_of, customer_ids) as t
order by t.opened_at, t.ticket_id
