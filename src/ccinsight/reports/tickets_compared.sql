-- One row per dimension and member (the total, and each scope, channel and category): the twelve
-- months up to the as-of date against the year before. The total is always there.
with opened as (
    select
        t.scope,
        coalesce(t.channel, 'unknown') as channel,
        coalesce(t.category, 'unknown') as category,
        t.opened_on > model.year_before(as_of) as is_now,
        count(*) as tickets,
        sum(t.minutes_spent) as known_minutes,
        count(*) - count(t.minutes_spent) as unknown_minutes,
    from model.tickets_on(as_of) as t
    where
        t.opened_on > model.year_before(model.year_before(as_of))
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by all
),

placed as (
    select 'total' as dimension, 'all' as member, o.* from opened as o
    union all
    select 'scope' as dimension, o.scope as member, o.* from opened as o
    union all
    select 'channel' as dimension, o.channel as member, o.* from opened as o
    union all
    select 'category' as dimension, o.category as member, o.* from opened as o
),

members as (
    select 'total' as dimension, 'all' as member
    union
    select p.dimension, p.member from placed as p
),

counted as (
    select
        m.dimension,
        m.member,
        coalesce(sum(p.tickets) filter (where p.is_now), 0) as tickets,
        coalesce(sum(p.tickets) filter (where not p.is_now), 0) as tickets_before,
        sum(p.known_minutes) filter (where p.is_now) as known_minutes,
        sum(p.known_minutes) filter (where not p.is_now) as known_minutes_before,
        coalesce(sum(p.unknown_minutes) filter (where p.is_now), 0) as tickets_without_minutes,
    from members as m
    left join placed as p on m.dimension = p.dimension and m.member = p.member
    group by m.dimension, m.member
)

select
    c.dimension,
    c.member,
    cast(c.tickets as bigint) as tickets,
    cast(c.tickets_before as bigint) as tickets_before,
    cast(c.tickets - c.tickets_before as bigint) as tickets_change,
    cast(case when c.tickets = 0 then 0 else c.known_minutes end as double) as minutes,
    cast(case when c.tickets_before = 0 then 0 else c.known_minutes_before end as double)
        as minutes_before,
    cast(c.tickets_without_minutes as bigint) as tickets_without_minutes,
from counted as c
order by
    case c.dimension when 'total' then 1 when 'scope' then 2 when 'channel' then 3 else 4 end,
    c.tickets desc,
    c.tickets_before desc,
    c.member asc
