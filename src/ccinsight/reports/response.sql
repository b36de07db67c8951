-- One row per ticket class: first replies to the tickets of the twelve months up to the as-of date
-- (R10).
with classes as (
    select unnest(['access_down', 'other']) as class,
),

tickets as (
    select
        case when t.is_access_down then 'access_down' else 'other' end as class,
        case
            when t.first_reply_at < model.end_of_day(as_of)
                then
                    model.elapsed_microseconds(t.opened_at, t.first_reply_at, t.reply_clock_change)
                    / 3.6e9
        end as hours,
        model.is_overtaken_on(as_of, t.overtaken_at, t.gone_overtakers) as is_overtaken,
    from model.tickets_on(as_of) as t
    where
        t.opened_on > model.year_before(as_of)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
)

select
    c.class,
    count(t.class) as tickets,
    count(t.hours) as replied,
    percentile_cont(0.5) within group (order by t.hours) as median_hours,
    percentile_cont(0.9) within group (order by t.hours) as p90_hours,
    case when c.class = 'access_down' then count(*) filter (where t.is_overtaken) end as overtaken,
from classes as c
left join tickets as t on c.class = t.class
group by c.class
order by c.class
