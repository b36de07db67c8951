-- One row per agreement and period of model.periods: users on its start (R5) and the rate that reaches it (R6),
-- as known on the as-of date. full_* is what the rule would give if no announcement known then were ever too late.
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

own_versions as (
    select
        p.agreement_id,
        p.period_start,
        max(v.valid_from) filter (where v.announced_on <= p.announce_by) as valid_from,
        max(v.valid_from) as full_valid_from,
    from periods as p
    inner join model.price_versions as v on p.agreement_id = v.agreement_id
    where v.valid_from <= p.period_start and v.announced_on <= as_of
    group by p.agreement_id, p.period_start
),

list_versions as (
    select
        p.agreement_id,
        p.period_start,
        max(v.valid_from) filter (where v.announced_on <= p.announce_by) as valid_from,
        max(v.valid_from) as full_valid_from,
    from periods as p
    inner join model.price_versions as v on p.product = v.product
    where p.price_basis = 'price_list' and v.valid_from <= p.period_start and v.announced_on <= as_of
    group by p.agreement_id, p.period_start
),

chosen as (
    select
        p.*,
        case
            when o.valid_from is not null then 'direct'
            when p.price_basis = 'contract' then 'contract'
            when l.valid_from is not null then 'list'
        end as price_source,
        case
            when o.valid_from is not null then o.valid_from
            when p.price_basis = 'price_list' then l.valid_from
        end as price_version,
        case
            when o.full_valid_from is not null then 'direct'
            when p.price_basis = 'contract' then 'contract'
            when l.full_valid_from is not null then 'list'
        end as full_source,
        case
            when o.full_valid_from is not null then o.full_valid_from
            when p.price_basis = 'price_list' then l.full_valid_from
        end as full_version,
    from periods as p
    left join own_versions as o on p.agreement_id = o.agreement_id and p.period_start = o.period_start
    left join list_versions as l on p.agreement_id = l.agreement_id and p.period_start = l.period_start
)

select
    c.*,
    coalesce(c.price_source, 'none') <> coalesce(c.full_source, 'none')
    or coalesce(c.price_version, date '1900-01-01') <> coalesce(c.full_version, date '1900-01-01') as is_price_missed,
    case c.price_source
        when 'contract' then c.price_per_user
        when 'direct' then own_step.price_per_user
        when 'list' then list_step.price_per_user
    end as rate,
    case c.full_source
        when 'contract' then c.price_per_user
        when 'direct' then full_own_step.price_per_user
        when 'list' then full_list_step.price_per_user
    end as full_rate,
from chosen as c
left join model.price_steps as own_step
    on c.price_source = 'direct'
    and c.agreement_id = own_step.agreement_id
    and c.price_version = own_step.valid_from
    and c.complexity = own_step.complexity
    and c.users_on_start >= own_step.min_users
    and c.users_on_start < own_step.next_min_users
left join model.price_steps as list_step
    on c.price_source = 'list'
    and c.product = list_step.product
    and c.price_version = list_step.valid_from
    and c.complexity = list_step.complexity
    and c.users_on_start >= list_step.min_users
    and c.users_on_start < list_step.next_min_users
left join model.price_steps as full_own_step
    on c.full_source = 'direct'
    and c.agreement_id = full_own_step.agreement_id
    and c.full_version = full_own_step.valid_from
    and c.complexity = full_own_step.complexity
    and c.users_on_start >= full_own_step.min_users
    and c.users_on_start < full_own_step.next_min_users
left join model.price_steps as full_list_step
    on c.full_source = 'list'
    and c.product = full_list_step.product
    and c.full_version = full_list_step.valid_from
    and c.complexity = full_list_step.complexity
    and c.users_on_start >= full_list_step.min_users
    and c.users_on_start < full_list_step.next_min_users
