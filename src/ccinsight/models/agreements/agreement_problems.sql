-- One row per agreement, check and span of as-of dates on which the agreement's value can't be
-- known, or its own price is far from the list's (R5, R6); until it ends. The period's dates, where
-- the problem is of the current period.
with states as (
    select
        terms.*,
        states.users_on_start,
        states.rate,
        states.known_from,
        states.known_until,
        states.users_on_start is null or states.registered_users is null as is_users_unknown,
    from model.agreement_states as states
    inner join model.agreement_terms as terms on states.agreement_id = terms.agreement_id
    where terms.ends_on is null or states.known_from <= terms.ends_on
)

select
    'rate_unknown' as check_name,
    s.agreement_id,
    s.customer_id,
    s.known_from,
    s.known_until,
    s.complexity,
    s.product,
    cast(s.users_on_start as varchar) as detail,
    cast(null as date) as subscribed_on,
    cast(null as date) as anniversary_on,
from states as s
where s.rate is null
union all
select
    'users_unknown' as check_name,
    s.agreement_id,
    s.customer_id,
    s.known_from,
    s.known_until,
    cast(null as varchar) as complexity,
    cast(null as varchar) as product,
    cast(null as varchar) as detail,
    s.subscribed_on,
    s.anniversary_on,
from states as s
where s.is_users_unknown
union all
select
    'price_far_from_list' as check_name,
    f.agreement_id,
    f.customer_id,
    f.known_from,
    f.known_until,
    cast(null as varchar) as complexity,
    cast(null as varchar) as product,
    f.detail,
    cast(null as date) as subscribed_on,
    cast(null as date) as anniversary_on,
from model.far_prices as f
