-- One row per agreement and span of as-of dates on which the same is known of its status meetings
-- (R12): the last one held, the next one planned that isn't held yet, and in how many periods that
-- are over one was held. The first span begins before all dates and the last has no end.
with meetings as (
    select
        t.agreement_id,
        m.planned_on,
        m.held_on,
    from main.meetings as m
    inner join model.agreement_terms as t on m.customer_id = t.customer_id
    where m.kind = 'status_meeting'
),

days as (
    select t.agreement_id, model.no_start() as on_day from model.agreement_terms as t
    union
    select m.agreement_id, m.held_on as on_day from meetings as m
    where m.held_on is not null
    union
    select m.agreement_id, m.planned_on + 1 as on_day from meetings as m
    where m.planned_on is not null
    union
    select p.agreement_id, p.renewal_on as on_day from model.met_periods as p
),

spans as (
    select
        d.agreement_id,
        d.on_day as known_from,
        lead(d.on_day, 1, model.no_end()) over (partition by d.agreement_id order by d.on_day)
            as known_until,
    from days as d
),

met as (
    select s.agreement_id, s.known_from, count(*) as met_periods
    from spans as s
    inner join model.met_periods as p
        on s.agreement_id = p.agreement_id and s.known_from >= p.renewal_on
    group by s.agreement_id, s.known_from
)

select
    s.agreement_id,
    s.known_from,
    s.known_until,
    max(m.held_on) filter (where m.held_on <= s.known_from) as held_on,
    min(m.planned_on) filter (
        where m.planned_on >= s.known_from and (m.held_on is null or m.held_on > s.known_from)
    ) as planned_on,
    coalesce(max(p.met_periods), 0) as met_periods,
from spans as s
left join meetings as m on s.agreement_id = m.agreement_id
left join met as p on s.agreement_id = p.agreement_id and s.known_from = p.known_from
group by s.agreement_id, s.known_from, s.known_until
