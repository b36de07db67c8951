-- One row per customer and month with tickets that count: what is known of its tickets so far once
-- the month is over, from known_from until the next such month is over too. The last day of a
-- ticket, and whether an IT operator opened any. Without tickets that are gone from a list.
with months as (
    select
        t.customer_id,
        cast(date_trunc('month', t.opened_on) + interval 1 month as date) as known_from,
        max(t.opened_on) as last_opened_on,
        bool_or(t.is_of_it_operations) as has_it_operations,
    from model.ticket_facts as t
    where t.customer_id is not null and t.gone_on is null
    group by t.customer_id, cast(date_trunc('month', t.opened_on) + interval 1 month as date)
)

select
    m.customer_id,
    m.known_from,
    lead(m.known_from, 1, model.no_end()) over customer as known_until,
    m.last_opened_on,
    bool_or(m.has_it_operations) over customer as has_it_operations,
from months as m
window customer as (partition by m.customer_id order by m.known_from)
