-- One row per agreement and period of model.periods: users on its start (R5) and the rate that reaches it (R6),
-- as known on the as-of date. full_* is what the rule would give if no announcement known then were ever too late.
with periods as (
    select
        p.*,
        coalesce(c.registered_users, p.registered_users) as users_on_start,
        c.counted_on as users_counted_on,
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
        max(v.valid_from) filter (where v.price_source = 'direct' and v.announced_on <= p.announce_by) as direct_version,
        max(v.valid_from) filter (where v.price_source = 'list' and v.announced_on <= p.announce_by) as list_version,
        max(v.valid_from) filter (where v.price_source = 'direct') as full_direct_version,
        max(v.valid_from) filter (where v.price_source = 'list') as full_list_version
    from periods as p
    inner join model.agreement_versions as v on p.agreement_id = v.agreement_id
    where v.valid_from <= p.period_start and v.announced_on <= as_of
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
        case
            when r.full_direct_version is not null then 'direct'
            when p.price_basis = 'contract' then 'contract'
            when r.full_list_version is not null then 'list'
        end as full_source,
        coalesce(r.full_direct_version, r.full_list_version) as full_version
    from periods as p
    left join reached as r on p.agreement_id = r.agreement_id and p.period_start = r.period_start
)

select
    c.*,
    coalesce(c.price_source, 'none') <> coalesce(c.full_source, 'none')
    or coalesce(c.price_version, date '1900-01-01') <> coalesce(c.full_version, date '1900-01-01') as is_price_missed,
    s.min_users as step_users,
    case when c.price_source = 'contract' then c.price_per_user else s.price_per_user end as rate,
    case when c.full_source = 'contract' then c.price_per_user else f.price_per_user end as full_rate
from chosen as c
left join model.price_steps as s
    on c.price_source = s.price_source
    and case when c.price_source = 'direct' then c.agreement_id else c.product end = s.price_owner
    and c.price_version = s.valid_from
    and c.complexity = s.complexity
    and c.users_on_start >= s.min_users
    and c.users_on_start < s.next_min_users
left join model.price_steps as f
    on c.full_source = f.price_source
    and case when c.full_source = 'direct' then c.agreement_id else c.product end = f.price_owner
    and c.full_version = f.valid_from
    and c.complexity = f.complexity
    and c.users_on_start >= f.min_users
    and c.users_on_start < f.next_min_users
