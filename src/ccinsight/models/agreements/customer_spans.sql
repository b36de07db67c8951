-- One row per customer and span of days on which it has an agreement in force (R4): each day in one
-- of them at most.
with agreements as (
    select
        a.customer_id,
        a.subscribed_on,
        coalesce(a.ends_on, model.no_end()) as ends_on,
        max(coalesce(a.ends_on, model.no_end())) over (
            partition by a.customer_id
            order by a.subscribed_on, a.agreement_id
            rows between unbounded preceding and 1 preceding
        ) as held_until,
    from model.agreement_terms as a
)

select
    a.customer_id,
    case
        when a.held_until >= a.subscribed_on then a.held_until + 1
        else a.subscribed_on
    end as first_day,
    a.ends_on as last_day,
from agreements as a
where a.held_until is null or a.held_until < a.ends_on
