-- One row per month and agreement whose recurring revenue went with a lost customer, since a day
-- (R9, R4); the amount is NULL where the revenue isn't known. The amounts add up to the churn of
-- revenue_movements of the same span.
with lost as (
    select
        cast(date_trunc('month', m.day_after) as date) as first_day,
        m.agreement_id,
        m.customer_id,
        case when not m.is_unknown then m.churn end as churn,
    from
        model.revenue_moves(
            as_of,
            customer_ids,
            model.days_of_span(as_of, 12, coalesce(since, model.year_before(as_of) + 1))
        ) as m
    where m.movement = 'churn' and (m.churn <> 0 or m.is_unknown)
)

select
    l.first_day as month,
    l.customer_id,
    c.customer_name,
    k.account_manager,
    l.agreement_id,
    k.product,
    k.notice_on,
    k.terminated_by,
    k.ends_on,
    model.ore(l.churn) as amount,
from lost as l
inner join model.known_agreements(as_of, customer_ids) as k on l.agreement_id = k.agreement_id
inner join model.customers_on(as_of, customer_ids) as c on l.customer_id = c.customer_id
order by l.churn asc nulls last, l.first_day asc, l.agreement_id asc
