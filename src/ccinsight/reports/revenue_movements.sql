-- One row per month: how recurring revenue (ARR) moved from the last day of the month before to its
-- own last day (R9). The months from the day since on where one is given, the first from that day.
with months_shown as (
    select cast(date_trunc('month', as_of) - to_months(n.back) as date) as first_day,
    from (
        select unnest(range(model.months_of_span(as_of, months, since))) as back
    ) as n
),

-- Summed before the months without a move are added: joining all the moves takes longer.
sums as (
    select
        cast(date_trunc('month', m.day_after) as date) as first_day,
        sum(m.start_revenue) as start_revenue,
        sum(m.new) as new,
        sum(m.reactivation) as reactivation,
        sum(m.expansion) as expansion,
        sum(m.contraction) as contraction,
        sum(m.price_change) as price_change,
        sum(m.churn) as churn,
        sum(m.unknown) as unknown,
        sum(m.end_revenue) as end_revenue,
    from
        model.revenue_moves(
            as_of, customer_ids, model.days_of_span(as_of, months, since)
        ) as m
    group by cast(date_trunc('month', m.day_after) as date)
)

select
    s.first_day as month,
    model.ore(coalesce(m.start_revenue, 0)) as start,
    model.ore(coalesce(m.new, 0)) as new,
    model.ore(coalesce(m.reactivation, 0)) as reactivation,
    model.ore(coalesce(m.expansion, 0)) as expansion,
    model.ore(coalesce(m.contraction, 0)) as contraction,
    model.ore(coalesce(m.price_change, 0)) as price_change,
    model.ore(coalesce(m.churn, 0)) as churn,
    model.ore(coalesce(m.unknown, 0)) as unknown,
    model.ore(coalesce(m.end_revenue, 0)) as "end",
from months_shown as s
left join sums as m on s.first_day = m.first_day
order by s.first_day
