-- One row per category of the tickets that count: what the settings say of it, and its tickets up to the as-of date.
select
    t.category,
    case when s.category is not null then s.scope end as scope,
    coalesce(s.is_access_down, false) as is_access_down,
    count(*) filter (where t.opened_on > model.year_before(as_of)) as tickets,
    count(*) as all_tickets,
    max(t.opened_on) as last_opened_on,
from model.ticket_facts as t
left join stored.categories as s on t.category = s.category
where
    t.category is not null
    and t.opened_at < model.end_of_day(as_of)
    and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
group by t.category, s.category, s.scope, s.is_access_down
order by s.category is not null, tickets desc, all_tickets desc, t.category
