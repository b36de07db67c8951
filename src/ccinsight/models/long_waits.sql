-- One row per ticket that counts and waited longer than 14 days for a reply or its end: until ended_at, null where neither came.
select
    t.customer_id,
    t.opened_at,
    least(t.first_reply_at, t.closed_at) as ended_at
from model.ticket_facts as t
where
    not t.is_closed
    and coalesce(least(t.first_reply_at, t.closed_at) > t.opened_at + interval 14 day, true)
