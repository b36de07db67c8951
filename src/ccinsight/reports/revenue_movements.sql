-- One row per month: how recurring revenue (ARR) moved from the last day of the month before to its
-- own last day (R9). The months from the day since on where one is given, the first from that day.
with months_shown as (
    select cast(date_trunc('month', as_of) - to_months(n.back) as date) as first_day,
    from (
        select unnest(range(model.months_of_span(as_of, months, since))) as back
    ) as n
),

moves as (
    select
        m.*,
        cast(date_trunc('month', m.day_after) as date) as first_day,
    from
        model.revenue_moves(
            as_of, customer_ids, model.days_of_span(as_of, months, since)
        ) as m
)

select
    s.first_day as month,
    model.ore(coalesce(sum(m.start_revenue), 0)) as start,
    model.ore(coalesce(sum(m.new), 0)) as new,
    model.ore(coalesce(sum(m.reactivation), 0)) as reactivation,
    model.ore(coalesce(sum(m.expansion), 0)) as expansion,
    model.ore(coalesce(sum(m.contraction), 0)) as contraction,
    model.ore(coalesce(sum(m.price_change), 0)) as price_change,
    model.ore(coalesce(sum(m.churn), 0)) as churn,
    model.ore(coalesce(sum(m.unknown), 0)) as unknown,
    model.ore(coalesce(sum(m.end_revenue), 0)) as "end",
from months_shown as s
left join moves as m on s.first_day = m.first_day
group by s.first_day
order by s.first_day
