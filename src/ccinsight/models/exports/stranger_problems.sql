-- One row per export, customer without an agreement and span of as-of dates: how many rows of the
-- export name the customer by then. Tickets only where agreements are imported.
with counted as (
    select 'tickets' as export, t.customer_id, t.opened_on as on_day, t.tickets as rows
    from model.stranger_tickets as t
    union all
    select 'tickets' as export, t.customer_id, t.gone_on as on_day, -t.tickets as rows
    from model.stranger_tickets as t
    where t.gone_on is not null
    union all
    select 'user_counts' as export, u.customer_id, u.counted_on as on_day, 1 as rows
    from main.user_counts as u
    union all
    select 'invoices' as export, i.customer_id, i.issued_on as on_day, 1 as rows
    from main.invoices as i
    union all
    select 'meetings' as export, m.customer_id, model.no_start() as on_day, 1 as rows
    from main.meetings as m
),

days as (
    select c.export, c.customer_id, c.on_day, sum(c.rows) as rows
    from counted as c
    where
        c.customer_id is not null
        and c.customer_id not in (select t.customer_id from model.agreement_terms as t)
    group by c.export, c.customer_id, c.on_day
),

spans as (
    select
        d.export,
        d.customer_id,
        d.on_day as known_from,
        lead(d.on_day, 1, model.no_end()) over customer as known_until,
        cast(sum(d.rows) over customer as bigint) as rows,
    from days as d
    window customer as (partition by d.export, d.customer_id order by d.on_day)
)

select
    'customer_unknown' as check_name,
    s.export,
    s.customer_id as key,
    s.customer_id,
    cast(null as varchar) as detail,
    s.rows,
    s.known_from,
    s.known_until,
from spans as s
where s.rows > 0
