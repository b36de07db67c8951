-- One row per channel whose first replies, to the tickets of the customers asked for as known on
-- the as-of date, seem automatic: more than a fifth came within a minute.
with channels as (
    select
        coalesce(t.channel, 'unknown') as channel,
        count(*) as tickets,
        count(*) filter (where t.is_quick_reply and t.first_reply_at < model.end_of_day(as_of))
            as quick_replies,
    from model.tickets_on(as_of) as t
    where customer_ids is null or t.customer_id in (select unnest(customer_ids))
    group by t.channel
)

select
    'automatic_replies' as check_name,
    'tickets' as export,
    c.channel as key,
    cast(null as varchar) as customer_id,
    c.quick_replies || ' / ' || c.tickets as detail,
    1 as rows,
from channels as c
where c.quick_replies * 5 > c.tickets
