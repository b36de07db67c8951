-- One row per agreement and period of model.periods: users on its start (R5) and the rate that reaches it (R6), as known on the
-- as-of date. For periods that haven't begun: those that have are read off agreement_states.
with periods as (
    select
        p.*,
        coalesce(c.registered_users, p.registered_users) as users_on_start,
    from model.periods(as_of, customer_ids, first_day, last_day) as p
    left join model.user_spans as c
        on p.customer_id = c.customer_id
        and least(p.period_start, as_of) >= c.counted_on
        and least(p.period_start, as_of) < c.next_counted_on
),

reached as (
    select
        p.agreement_id,
        p.period_start,
        max(v.valid_from) filter (where v.price_source = 'direct') as direct_version,
        max(v.valid_from) filter (where v.price_source = 'list') as list_version,
    from periods as p
    inner join model.agreement_versions as v on p.agreement_id = v.agreement_id
    where
        v.valid_from <= p.period_start
        and v.announced_on <= as_of
        and (v.is_from_start or v.announced_on <= p.announce_by)
    group by p.agreement_id, p.period_start
),

chosen as (
    select
        p.*,
        case
            when r.direct_version is not null then 'direct'
            when p.price_basis = 'contract' then 'contract'
            when r.list_version is not null then 'list'
        end as price_source,
        coalesce(r.direct_version, r.list_version) as price_version,
    from periods as p
    left join reached as r on p.agreement_id = r.agreement_id and p.period_start = r.period_start
)

select
    c.*,
    case when c.price_source = 'contract' then c.price_per_user else s.price_per_user end as rate
from chosen as c
left join model.price_steps as s
    on c.price_source = s.price_source
    and case when c.price_source = 'direct' then c.agreement_id else c.product end = s.price_owner
    and c.price_version = s.valid_from
    and c.complexity = s.complexity
    and c.users_on_start >= s.min_users
    and c.users_on_start < s.next_min_users
