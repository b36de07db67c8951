-- One row: recurring revenue of the customers of a year ago, then and now (R9).
with pairs as (
    select
        p.customer_id,
        p.revenue_before,
        p.revenue_after,
        p.was_in_force and p.revenue_before is null as was_unknown,
        p.is_in_force and p.revenue_after is null as is_unknown,
    from model.revenue_pairs(as_of, customer_ids, [model.year_before(as_of), as_of]) as p
),

customers_then as (
    select
        p.customer_id,
        coalesce(sum(p.revenue_before), 0) as revenue_then,
        coalesce(sum(p.revenue_after), 0) as revenue_now,
        model.has_revenue(sum(p.revenue_after), bool_or(p.is_unknown)) as has_revenue,
        bool_or(p.was_unknown or p.is_unknown) as is_unknown,
    from pairs as p
    group by p.customer_id
    having model.has_revenue(sum(p.revenue_before), bool_or(p.was_unknown))
),

customers as (
    select c.* from customers_then as c
    where not c.is_unknown
)

select
    d.on_day as as_of,
    count(c.customer_id) as customers_then,
    model.ore(coalesce(sum(c.revenue_then), 0)) as revenue_then,
    model.ore(coalesce(sum(c.revenue_now), 0)) as revenue_now,
    cast(sum(c.revenue_now) as double) / nullif(sum(c.revenue_then), 0) as nrr,
    cast(sum(least(c.revenue_now, c.revenue_then)) as double)
    / nullif(sum(c.revenue_then), 0) as grr,
    cast(count(*) filter (where c.has_revenue = false) as double)
    / nullif(count(c.customer_id), 0) as logo_churn,
    (
        select count(*) from customers_then as t
        where t.is_unknown
    ) as customers_unknown,
from (select as_of as on_day) as d
left join customers as c on true
group by d.on_day
