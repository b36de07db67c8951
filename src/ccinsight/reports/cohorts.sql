-- One row per year in which customers first subscribed and day: the last of each year since, and
-- the as-of date (R9).
with first_days as (
    select
        t.customer_id,
        min(t.subscribed_on) as customer_since_on,
    from model.agreement_terms as t
    group by t.customer_id
),

closing_days as (
    select make_date(y.of_year, 12, 31) as on_day
    from (
        select unnest(range(s.first_year, year(as_of))) as of_year
        from (select min(year(f.customer_since_on)) as first_year from first_days as f) as s
    ) as y
    union all
    select as_of as on_day
),

valued as (
    select
        v.customer_id,
        v.on_day,
        coalesce(sum(model.ore(v.revenue)), 0) as revenue,
        coalesce(sum(v.revenue), 0) > 0 or bool_or(v.revenue is null) as has_revenue,
    from
        model.revenue_days(
            as_of, customer_ids, (select list(d.on_day) from closing_days as d)
        ) as v
    group by v.customer_id, v.on_day
)

select
    year(f.customer_since_on) as cohort_year,
    v.on_day,
    count(*) filter (where v.has_revenue) as customers,
    model.ore(sum(v.revenue)) as revenue,
from valued as v
inner join first_days as f on v.customer_id = f.customer_id
group by year(f.customer_since_on), v.on_day
order by year(f.customer_since_on), v.on_day
