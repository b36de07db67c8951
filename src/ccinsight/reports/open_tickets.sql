-- One row per ticket that was opened and not closed by the as-of date, whatever its age, oldest
-- first.
select
    s.ticket_id,
    t.customer_id,
    t.opened_at,
    date_diff('day', t.opened_on, as_of) as days_open,
    s.title,
    s.status,
    t.category,
    s.severity,
    t.scope,
    t.is_access_down,
    case
        when t.first_reply_at < model.end_of_day(as_of) then t.first_reply_at
    end as first_reply_at,
    s.owner,
from model.tickets_on(as_of) as t
inner join stored.tickets as s on t.file_id = s.file_id and t.line = s.line
where
    model.is_open_on(as_of, t.opened_at, t.closed_at, t.is_closed_unknown)
    and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
order by t.opened_at, s.ticket_id
