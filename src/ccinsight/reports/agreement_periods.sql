-- One row per agreement and period, from the first to the one after the current: users, rate, value, and why that rate.
-- What a period that began rests on was known when it began; what a coming one does is as known on the as-of date.
with placed as (
    select
        p.agreement_id,
        p.customer_id,
        p.product,
        p.subscribed_on,
        p.complexity,
        p.price_basis,
        p.price_per_user,
        p.period_number,
        p.is_short,
        p.period_start,
        p.period_end,
        p.renewal_on,
        p.termination_deadline,
        p.price_notice_deadline,
        p.announce_by,
        case when p.period_start > as_of and p.period_start > p.subscribed_on then s.registered_users else s.users_on_start end
            as users_on_start,
        case when p.period_start > as_of and p.period_start > p.subscribed_on then s.counted_on else s.users_counted_on end
            as counted_on,
        case when p.period_start > as_of and p.period_start > p.subscribed_on then s.next_source else s.price_source end
            as price_source,
        case when p.period_start > as_of and p.period_start > p.subscribed_on then s.next_version else s.price_version end
            as price_version
    from model.periods(as_of, customer_ids, date '1900-01-01', cast(as_of + interval 1 year as date)) as p
    inner join model.agreement_states as s
        on p.agreement_id = s.agreement_id
        and least(p.period_start, as_of) >= s.known_from
        and least(p.period_start, as_of) < s.known_until
    where s.begins_period or (as_of >= s.known_from and as_of < s.known_until)
),

-- Prices valid by the period's start that were announced too late for it.
late as (
    select
        p.agreement_id,
        p.period_start,
        max(v.valid_from) filter (where v.price_source = 'direct') as direct_version,
        max(v.valid_from) filter (where v.price_source = 'list') as list_version,
        arg_max(v.announced_on, v.valid_from) filter (where v.price_source = 'direct') as direct_announced_on,
        arg_max(v.announced_on, v.valid_from) filter (where v.price_source = 'list') as list_announced_on
    from placed as p
    inner join model.agreement_versions as v
        on p.agreement_id = v.agreement_id and p.period_start >= v.valid_from and p.announce_by < v.announced_on
    where v.announced_on <= as_of and not v.is_from_start
    group by p.agreement_id, p.period_start
),

-- A direct price comes before the contract's, and that before the list's; of one kind the newest version holds.
judged as (
    select
        p.*,
        l.direct_version,
        l.list_version,
        l.direct_announced_on,
        l.list_announced_on,
        case
            when
                l.direct_version is not null
                and (p.price_source is null or p.price_source <> 'direct' or p.price_version < l.direct_version)
                then 'direct'
            when
                l.direct_version is null
                and p.price_basis <> 'contract'
                and (p.price_source is null or p.price_source = 'list')
                and (p.price_version is null or p.price_version < l.list_version)
                and l.list_version is not null
                then 'list'
        end as missed_source
    from placed as p
    left join late as l on p.agreement_id = l.agreement_id and p.period_start = l.period_start
)

select
    p.agreement_id,
    p.customer_id,
    p.period_number,
    p.period_start,
    p.period_end,
    p.renewal_on,
    p.termination_deadline,
    p.price_notice_deadline,
    p.users_on_start,
    case when p.users_on_start is not null then coalesce(b.billed_users, p.users_on_start) end as invoiced_users,
    cast(case when p.price_source = 'contract' then p.price_per_user else s.price_per_user end as decimal(18, 2)) as rate,
    model.ore(
        case when p.users_on_start is not null then coalesce(b.billed_users, p.users_on_start) end
        * case when p.price_source = 'contract' then p.price_per_user else s.price_per_user end
    ) as annual_value,
    p.price_version,
    p.price_source,
    p.announce_by,
    case p.missed_source when 'direct' then p.direct_version when 'list' then p.list_version end as missed_version,
    case p.missed_source when 'direct' then p.direct_announced_on when 'list' then p.list_announced_on end as missed_announced_on,
    cast(f.price_per_user as decimal(18, 2)) as missed_rate,
    p.product,
    p.complexity,
    p.counted_on,
    s.min_users as step_users,
    o.announced_on,
    p.is_short,
    p.subscribed_on
from judged as p
left join model.billed_steps as b
    on p.agreement_id = b.agreement_id
    and p.period_start = b.period_start
    and least(p.period_end, as_of) >= b.counted_on
    and least(p.period_end, as_of) < b.next_counted_on
left join model.price_versions as o
    on p.price_source = o.price_source
    and case when p.price_source = 'direct' then p.agreement_id else p.product end = o.price_owner
    and p.price_version = o.valid_from
left join model.price_steps as s
    on p.price_source = s.price_source
    and case when p.price_source = 'direct' then p.agreement_id else p.product end = s.price_owner
    and p.price_version = s.valid_from
    and p.complexity = s.complexity
    and p.users_on_start >= s.min_users
    and p.users_on_start < s.next_min_users
left join model.price_steps as f
    on p.missed_source = f.price_source
    and case when p.missed_source = 'direct' then p.agreement_id else p.product end = f.price_owner
    and case when p.missed_source = 'direct' then p.direct_version else p.list_version end = f.valid_from
    and p.complexity = f.complexity
    and p.users_on_start >= f.min_users
    and p.users_on_start < f.next_min_users
order by p.agreement_id, p.period_number
