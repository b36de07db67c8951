-- One row per ticket that counts and waited longer than 14 days for a reply or its end: until
-- ended_at, null where neither came. The wait of a ticket that is gone from a list ends when it was
-- found gone.
select
    t.customer_id,
    t.opened_at,
    least(t.first_reply_at, t.closed_at, cast(t.gone_on as timestamp)) as ended_at,
from model.ticket_facts as t
where
    not t.is_closed_unknown
    and coalesce(
        least(t.first_reply_at, t.closed_at, cast(t.gone_on as timestamp))
        > t.opened_at + interval 14 day,
        true
    )
