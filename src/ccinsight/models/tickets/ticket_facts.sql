-- One row per ticket that counts (not deleted, merged or spam): its scope, coverage and minutes
-- (R8, R10). No column depends on the as-of date. What only lists show stays in stored.tickets.
-- gone_on: the day of the import of a full list that lacked the ticket; see tickets_on.
-- first_reply_at: null where it came sooner than the settings' minimum, as an automatic one does.
-- reply_clock_change: the hours the clock was turned back between opening and first reply.
-- is_quick_reply: the first reply came within a minute.
-- closed_at: null where it was opened again. is_closed_unknown: closed, on a day unknown.
-- overtaken_at: for an access-down ticket, when a later ticket that isn't got its reply before it.
with classified as not materialized (
    select t.* from model.classified_tickets as t
),

-- The first replies to tickets that aren't access-down, by the five minutes in which those were
-- opened: few enough for a running minimum (over all tickets it would take several times as long).
answered as (
    select c.opened_instant // 300000000 as opened_in, c.opened_instant, c.reply_instant
    from classified as c
    where not c.is_access_down and c.first_reply_at is not null and c.gone_on is null
),

down as (
    select distinct c.opened_instant, c.opened_instant // 300000000 as opened_in
    from classified as c
    where c.is_access_down
),

-- The first reply to a ticket opened in a later span, for each span.
next_spans as (
    select
        e.opened_in,
        min(min(e.reply_instant)) over (
            order by e.opened_in desc rows between unbounded preceding and 1 preceding
        ) as reply_instant,
    from (
        select a.opened_in, a.reply_instant from answered as a
        union all
        select d.opened_in, cast(null as bigint) as reply_instant from down as d
    ) as e
    group by e.opened_in
),

same_span as (
    select d.opened_instant, min(a.reply_instant) as reply_instant
    from down as d
    inner join answered as a on d.opened_in = a.opened_in and d.opened_instant <= a.opened_instant
    group by d.opened_instant
),

overtaken as (
    select
        d.opened_instant,
        least(s.reply_instant, later.reply_instant) as overtaken_instant,
        model.norwegian_time(make_timestamp(least(s.reply_instant, later.reply_instant)))
            as overtaken_at,
    from down as d
    left join next_spans as later on d.opened_in = later.opened_in
    left join same_span as s on d.opened_instant = s.opened_instant
),

-- Tickets that are gone from a list overtake on the days before they were found gone.
gone_answers as (
    select c.gone_on, c.opened_instant, c.reply_instant, false as is_down
    from classified as c
    where not c.is_access_down and c.first_reply_at is not null and c.gone_on is not null
),

gone_overtakers as (
    select
        r.opened_instant,
        list(
            struct_pack(
                gone_on := r.gone_on,
                reply_instant := r.reply_instant,
                overtaken_at := model.norwegian_time(make_timestamp(r.reply_instant))
            )
            order by r.gone_on
        ) as gone_overtakers,
    from (
        select
            e.gone_on,
            e.opened_instant,
            bool_or(e.is_down) as is_down,
            min(min(e.reply_instant))
                over (partition by e.gone_on order by e.opened_instant desc)
                as reply_instant,
        from (
            select a.* from gone_answers as a
            union all
            select n.gone_on, d.opened_instant, null as reply_instant, true as is_down
            from down as d
            cross join (select distinct a.gone_on from gone_answers as a) as n
        ) as e
        group by e.gone_on, e.opened_instant
    ) as r
    where r.is_down and r.reply_instant is not null
    group by r.opened_instant
)

-- In the order in which they were exported, which is that of opening or nearly so: sorting them all
-- brings nothing.
select
    c.* exclude (opened_instant, reply_instant),  -- noqa: RF02
    f.customer_id is not null as has_agreement,
    case
        when c.is_access_down and coalesce(o.overtaken_instant < c.reply_instant, true)
            then o.overtaken_at
    end as overtaken_at,
    case
        when c.is_access_down
            then
                list_filter(
                    g.gone_overtakers, lambda o: coalesce(o.reply_instant < c.reply_instant, true)
                )
    end as gone_overtakers,
from classified as c
left join model.customer_spans as f
    on c.customer_id = f.customer_id and c.opened_on >= f.first_day and c.opened_on <= f.last_day
left join overtaken as o on case when c.is_access_down then c.opened_instant end = o.opened_instant
left join gone_overtakers as g
    on case when c.is_access_down then c.opened_instant end = g.opened_instant
