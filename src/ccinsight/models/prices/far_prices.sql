-- One row per agreement whose own price is more than five times above or below the list's, and span
-- of as-of dates on which it is (R6).
with own_prices as (
    select
        terms.agreement_id,
        terms.customer_id,
        terms.product,
        terms.complexity,
        terms.subscribed_on,
        terms.anniversary_on,
        states.users_on_start,
        states.rate,
        states.known_from,
        states.known_until,
    from model.agreement_states as states
    inner join model.agreement_terms as terms on states.agreement_id = terms.agreement_id
    where
        states.price_source in ('contract', 'direct')
        and states.rate is not null
        and (terms.ends_on is null or states.known_from <= terms.ends_on)
),

agreements as (
    select distinct
        o.agreement_id,
        o.product,
        o.subscribed_on,
        o.anniversary_on,
        model.years_since(o.anniversary_on, v.valid_from) as years,
        v.valid_from,
        v.announced_on,
    from own_prices as o
    inner join model.price_versions as v
        on v.price_source = 'list' and o.product = v.price_owner
),

-- The first period that begins when the version is valid; the first of all is known beforehand.
versions as (
    select
        a.agreement_id,
        a.valid_from,
        greatest(
            a.announced_on,
            case
                when a.valid_from <= a.subscribed_on then model.no_start()
                when model.period_start(a.subscribed_on, a.anniversary_on, a.years) >= a.valid_from
                    then model.period_start(a.subscribed_on, a.anniversary_on, a.years)
                else model.period_start(a.subscribed_on, a.anniversary_on, a.years + 1)
            end
        ) as known_from,
    from agreements as a
),

-- The newest of them so far.
lists as (
    select
        v.agreement_id,
        v.known_from,
        lead(v.known_from, 1, model.no_end()) over so_far as known_until,
        max(max(v.valid_from)) over so_far as valid_from,
    from versions as v
    group by v.agreement_id, v.known_from
    window so_far as (partition by v.agreement_id order by v.known_from)
),

-- Where the users are unknown, the list's prices for any number of them.
compared as (
    select
        o.agreement_id,
        o.customer_id,
        o.rate,
        greatest(o.known_from, l.known_from) as known_from,
        least(o.known_until, l.known_until) as known_until,
        min(s.price_per_user) as lowest_price,
        max(s.price_per_user) as highest_price,
    from own_prices as o
    inner join lists as l
        on o.agreement_id = l.agreement_id
        and o.known_from < l.known_until
        and o.known_until > l.known_from
    inner join model.price_steps as s
        on s.price_source = 'list'
        and o.product = s.price_owner
        and l.valid_from = s.valid_from
        and o.complexity = s.complexity
        and (
            o.users_on_start is null
            or (o.users_on_start >= s.min_users and o.users_on_start < s.next_min_users)
        )
    group by
        o.agreement_id,
        o.customer_id,
        o.rate,
        o.known_from,
        o.known_until,
        l.known_from,
        l.known_until
)

select
    c.agreement_id,
    c.customer_id,
    c.known_from,
    c.known_until,
    cast(model.ore(c.rate) as varchar) || ' / '
    || cast(model.ore(c.lowest_price) as varchar)
    || case
        when model.ore(c.lowest_price) = model.ore(c.highest_price) then ''
        else '–' || cast(model.ore(c.highest_price) as varchar)
    end as detail,
from compared as c
where c.rate > 5 * c.highest_price or c.rate * 5 < c.lowest_price
