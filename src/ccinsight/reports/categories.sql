-- One row per category of the tickets that count: what the settings say of it, and its tickets up
-- to the as-of date.
with counted as (
    select
        t.category,
        count(*) filter (where t.opened_on > model.year_before(as_of)) as tickets,
        count(*) as all_tickets,
        max(t.opened_on) as last_opened_on,
    from model.tickets_on(as_of) as t
    where customer_ids is null or t.customer_id in (select unnest(customer_ids))
    group by t.category
)

select
    c.category,
    s.scope,
    coalesce(s.is_access_down, false) as is_access_down,
    c.tickets,
    c.all_tickets,
    c.last_opened_on,
from counted as c
left join stored.categories as s on c.category = s.category
where c.category is not null
order by s.category is not null, c.tickets desc, c.all_tickets desc, c.category asc
