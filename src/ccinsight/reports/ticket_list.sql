-- One row per ticket opened in the months up to the as-of date, newest first, at most 1000.
with newest as (
    select t.*
    from model.tickets_on(as_of) as t
    where
        t.opened_on > cast(as_of - to_months(months) as date)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    order by t.opened_at desc, t.file_id asc, t.line asc
    limit 1000
)

select
    s.ticket_id,
    n.customer_id,
    c.customer_name,
    n.opened_at,
    case
        when n.first_reply_at < model.end_of_day(as_of) then n.first_reply_at
    end as first_reply_at,
    case when n.closed_at < model.end_of_day(as_of) then n.closed_at end as closed_at,
    s.title,
    s.status,
    n.channel,
    n.category,
    s.severity,
    n.scope,
    n.is_access_down,
    n.has_agreement and (n.is_of_user or n.is_of_it_operations) as is_covered,
    case
        when not n.has_agreement then 'no_agreement'
        when not n.is_of_user and not n.is_of_it_operations then 'contact_not_covered'
    end as not_covered_reason,
    cast(n.minutes_spent as double) as minutes_spent,
    s.owner,
    f.name as file_name,
    s.line,
from newest as n
inner join stored.tickets as s on n.file_id = s.file_id and n.line = s.line
left join stored.files as f on s.file_id = f.file_id
left join model.customers_on(as_of, customer_ids) as c on n.customer_id = c.customer_id
order by n.opened_at desc, s.ticket_id asc
