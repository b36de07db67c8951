-- One row per customer and contact who called in the twelve months up to the as-of date; at most
-- 200, the busiest first.
with calls as (
    select
        t.customer_id,
        s.contact,
        count(*) as tickets,
        sum(t.minutes_spent) as known_minutes,
    from model.tickets_on(as_of) as t
    inner join stored.tickets as s on t.file_id = s.file_id and t.line = s.line
    where
        t.opened_on > model.year_before(as_of)
        and s.opened_at >= model.end_of_day(model.year_before(as_of))
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by t.customer_id, s.contact
),

shares as (
    select
        c.*,
        cast(c.tickets as double)
        / sum(c.tickets) over (partition by c.customer_id) as share_of_customer,
    from calls as c
)

select
    s.customer_id,
    n.customer_name,
    s.contact,
    s.tickets,
    cast(s.known_minutes as double) as minutes,
    s.share_of_customer,
from shares as s
left join model.customers_on(as_of, customer_ids) as n on s.customer_id = n.customer_id
where s.contact is not null
order by s.tickets desc, s.customer_id asc, s.contact asc
limit 200
