-- One row per channel, over the twelve months up to the as-of date.
select
    coalesce(t.channel, 'unknown') as channel,
    count(*) as tickets,
    count(*) filter (where t.scope = 'support') as support,
    count(*) filter (where t.scope = 'training') as training,
    count(*) filter (where t.scope = 'consulting') as consulting,
    cast(sum(t.minutes_spent) as double) as minutes,
from model.tickets_on(as_of) as t
where
    t.opened_on > model.year_before(as_of)
    and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
group by 1
order by 2 desc, 1
