-- One row per agreement and day from which on something else is known of it: a period begins (R1),
-- a count is taken (R5), a price version is announced (R6), the agreement is over (R4). The first
-- lies before all dates.
with days as (
    select t.agreement_id, model.no_start() as on_day from model.agreement_terms as t
    union all
    select p.agreement_id, p.period_from as on_day
    from model.period_starts as p
    where p.period_until < model.no_end()
    union all
    select r.agreement_id, r.given_on as on_day from model.price_reach as r
    union all
    select t.agreement_id, t.ends_on + 1 as on_day from model.agreement_terms as t
    union all by name
    select r.agreement_id, r.announced_on as on_day, r.announced_on from model.price_reach as r
    union all by name
    select
        t.agreement_id,
        u.counted_on as on_day,
        u.counted_on,
        u.registered_users as counted_users,
        u.last_active_users as active_users,
    from model.agreement_terms as t
    inner join model.user_spans as u on t.customer_id = u.customer_id
)

select
    d.agreement_id,
    d.on_day,
    max(d.counted_on) as counted_on,
    max(d.counted_users) as counted_users,
    max(d.active_users) as active_users,
    max(d.announced_on) as announced_on,
from days as d
where d.on_day is not null
group by d.agreement_id, d.on_day
