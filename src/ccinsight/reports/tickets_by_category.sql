-- One row per category, over the twelve months up to the as-of date, and the year before.
select
    coalesce(t.category, 'unknown') as category,
    t.scope,
    coalesce(bool_or(c.is_access_down), false) as is_access_down,
    count(*) filter (where t.opened_on > model.year_before(as_of)) as tickets,
    count(*) filter (where t.opened_on <= model.year_before(as_of)) as tickets_before,
    cast(sum(t.minutes_spent) filter (where t.opened_on > model.year_before(as_of)) as double)
        as minutes,
from model.tickets_on(as_of) as t
left join stored.categories as c on t.category = c.category
where
    t.opened_on > model.year_before(model.year_before(as_of))
    and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
group by 1, 2
order by 4 desc, 1
