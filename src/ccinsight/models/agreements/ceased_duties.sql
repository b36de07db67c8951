-- One row per mark of a duty without a period whose condition didn't hold on some day since: after
-- the day it was closed and up to the as-of date (R14). What comes back then is open again.
with marked as (
    select m.mark_id, m.kind, m.agreement_id, m.customer_id, m.closed_on, m.ceased_on
    from (select unnest(marks, recursive := true)) as m
    where m.period_start is null and m.closed_on < as_of
),

sums as (
    select
        c.customer_id,
        c.on_day,
        sum(sum(c.minutes)) over customer as minutes,
        sum(sum(c.amount)) over customer as amount,
    from model.consulting_changes as c
    where
        c.on_day <= as_of
        and (c.gone_on is null or c.gone_on > as_of)
        and c.customer_id in (select m.customer_id from marked as m)
    group by c.customer_id, c.on_day
    window customer as (partition by c.customer_id order by c.on_day)
)

select m.mark_id
from marked as m
inner join sums as s on m.customer_id = s.customer_id and m.closed_on < s.on_day
inner join model.customers_on(as_of, customer_ids) as c on m.customer_id = c.customer_id
where
    m.kind = 'consulting_unbilled'
    and model.ore_part(s.minutes * coalesce(c.consultant_rate, c.member_hourly_rate), 60)
    <= s.amount
union
select m.mark_id
from marked as m
left join model.agreement_states as s
    on m.agreement_id = s.agreement_id and as_of >= s.known_from and s.known_until > m.closed_on + 1
where
    (m.kind = 'users_unknown' and s.registered_users is not null)
    or (m.kind = 'rate_unknown' and s.rate is not null)
    or m.ceased_on <= as_of
