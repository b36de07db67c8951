-- One row per mark of a duty without a period whose condition didn't hold on some day since: after
-- the day it was closed and up to the as-of date (R14). What comes back then is open again.
with marked as (
    select m.*
    from (select unnest(marks, recursive := true)) as m
    where m.period_start is null and m.closed_on < as_of
),

-- Consulting hours and invoices enter the twelve months on their day and leave them a year later.
moved as (
    select t.customer_id, t.opened_on as on_day, t.billable_minutes as minutes, 0 as amount
    from model.tickets_on(as_of) as t
    where t.billable_minutes > 0 and t.customer_id in (select m.customer_id from marked as m)
    union all
    select i.customer_id, i.issued_on as on_day, 0 as minutes, i.amount
    from main.invoices as i
    where
        i.kind = 'consulting'
        and i.issued_on <= as_of
        and i.customer_id in (select m.customer_id from marked as m)
),

changes as (
    select v.customer_id, v.on_day, v.minutes, v.amount
    from moved as v
    union all
    select
        v.customer_id,
        -- a year after 29 February the day is still within the twelve months up to 28 February
        model.plus_years(v.on_day, 1)
        + case when model.year_before(model.plus_years(v.on_day, 1)) < v.on_day then 1 else 0 end
            as on_day,
        -v.minutes as minutes,
        -v.amount as amount,
    from moved as v
),

days as (
    select c.customer_id, c.on_day, sum(c.minutes) as minutes, sum(c.amount) as amount
    from changes as c
    group by c.customer_id, c.on_day
),

sums as (
    select
        d.customer_id,
        d.on_day,
        sum(d.minutes) over customer as minutes,
        sum(d.amount) over customer as amount,
    from days as d
    window customer as (partition by d.customer_id order by d.on_day)
)

select m.mark_id
from marked as m
inner join sums as s
    on m.customer_id = s.customer_id and m.closed_on < s.on_day and as_of >= s.on_day
inner join model.customers_on(as_of, customer_ids) as c on m.customer_id = c.customer_id
where
    m.kind = 'consulting_unbilled'
    and model.ore_part(s.minutes * coalesce(c.consultant_rate, c.member_hourly_rate), 60)
    <= s.amount
union
select m.mark_id
from marked as m
inner join model.agreement_states as s
    on m.agreement_id = s.agreement_id and as_of >= s.known_from and s.known_until > m.closed_on + 1
where
    (m.kind = 'users_unknown' and s.registered_users is not null)
    or (m.kind = 'rate_unknown' and s.rate is not null)
union
select m.mark_id
from marked as m
where m.ceased_on <= as_of
