-- One row per agreement whose own price is more than five times above or below the list's, as known
-- on the as-of date (R6).
with own_prices as (
    select
        v.agreement_id,
        v.customer_id,
        v.product,
        v.complexity,
        v.period_start,
        v.users_on_start,
        v.rate,
    from model.agreement_values(as_of, customer_ids) as v
    where v.state <> 'ended' and v.price_source in ('contract', 'direct') and v.rate is not null
),

list_versions as (
    select o.agreement_id, max(v.valid_from) as valid_from
    from own_prices as o
    inner join model.price_versions as v
        on v.price_source = 'list'
        and o.product = v.price_owner
        and o.period_start >= v.valid_from
        and v.announced_on <= as_of
    group by o.agreement_id
),

-- Where the users are unknown, the list's prices for any number of them.
list_prices as (
    select
        o.agreement_id,
        min(s.price_per_user) as lowest_price,
        max(s.price_per_user) as highest_price,
    from own_prices as o
    inner join list_versions as v on o.agreement_id = v.agreement_id
    inner join model.price_steps as s
        on s.price_source = 'list'
        and o.product = s.price_owner
        and v.valid_from = s.valid_from
        and o.complexity = s.complexity
        and (
            o.users_on_start is null
            or (o.users_on_start >= s.min_users and o.users_on_start < s.next_min_users)
        )
    group by o.agreement_id
)

select
    'price_far_from_list' as check_name,
    'agreements' as export,
    o.agreement_id as key,
    o.customer_id,
    cast(model.ore(o.rate) as varchar) || ' / '
    || cast(model.ore(l.lowest_price) as varchar)
    || case
        when model.ore(l.lowest_price) = model.ore(l.highest_price) then ''
        else '–' || cast(model.ore(l.highest_price) as varchar)
    end as detail,
    1 as rows,
from own_prices as o
inner join list_prices as l on o.agreement_id = l.agreement_id
where o.rate > 5 * l.highest_price or o.rate * 5 < l.lowest_price
