-- One row: recurring revenue of the customers of a year ago, then and now (R9).
with customers_then as (
    select
        m.customer_id,
        sum(m.start_revenue) as revenue_then,
        sum(m.end_revenue) as revenue_now,
        bool_or(m.has_revenue) as has_revenue,
        bool_or(m.is_unknown) as is_unknown,
    from model.revenue_moves(as_of, customer_ids, [model.year_before(as_of), as_of]) as m
    group by m.customer_id
    having bool_or(m.had_revenue)
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
