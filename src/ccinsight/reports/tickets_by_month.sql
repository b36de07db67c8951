-- One row per month, the last up to the as-of date; months without a ticket too.
with months_shown as (
    select cast(date_trunc('month', as_of) - to_months(n.back) as date) as first_day,
    from (select unnest(range(months)) as back) as n
),

opened as (
    select
        cast(date_trunc('month', t.opened_on) as date) as first_day,
        count(*) as tickets,
        count(*) filter (where t.scope = 'support') as support,
        count(*) filter (where t.scope = 'training') as training,
        count(*) filter (where t.scope = 'consulting') as consulting,
        count(*) filter (where t.is_access_down) as access_down,
        count(*) filter (where not (t.has_agreement and (t.is_of_user or t.is_of_it_operations)))
            as not_covered,
        sum(t.minutes_spent) as known_minutes,
    from model.tickets_on(as_of) as t
    where
        t.opened_on >= cast(date_trunc('month', as_of) - to_months(months - 1) as date)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by cast(date_trunc('month', t.opened_on) as date)
)

select
    m.first_day as month,
    coalesce(o.tickets, 0) as tickets,
    coalesce(o.support, 0) as support,
    coalesce(o.training, 0) as training,
    coalesce(o.consulting, 0) as consulting,
    coalesce(o.access_down, 0) as access_down,
    coalesce(o.not_covered, 0) as not_covered,
    cast(case when o.tickets is null then 0 else o.known_minutes end as double) as minutes,
from months_shown as m
left join opened as o on m.first_day = o.first_day
order by m.first_day
