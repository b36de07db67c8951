-- One row per product: the newest general list announced by the as-of date, the next one that is
-- only planned (R14), and the first day that is free for another list: after the announced one, and
-- a notice of the as-of date is in time for a renewal on it (R3).
with terms as (
    select
        t.product,
        max(t.notice_months) as notice_months,
        max(t.price_notice_days) as price_notice_days,
    from model.agreement_terms as t
    group by t.product
),

lists as (
    select
        v.price_owner,
        max(v.valid_from) filter (where v.announced_on <= as_of) as announced_from,
        max(v.valid_from) filter (where v.given_on > as_of) as planned_from,
    from model.price_versions as v
    where v.price_source = 'list'
    group by v.price_owner
)

select
    t.product,
    l.announced_from,
    a.announced_on,
    l.planned_from,
    p.announced_on as planned_on,
    greatest(
        coalesce(l.announced_from + 1, as_of),
        cast(as_of + t.price_notice_days + 1 + to_months(t.notice_months) as date)
    ) as free_from,
from terms as t
left join lists as l on t.product = l.price_owner
left join model.price_versions as a
    on a.price_source = 'list' and t.product = a.price_owner and l.announced_from = a.valid_from
left join model.price_versions as p
    on p.price_source = 'list' and t.product = p.price_owner and l.planned_from = p.valid_from
order by t.product
