-- One row per agreement and span of as-of dates on which the same is known of it: users (R5), users to invoice (R7) and rate
-- (R6) of its current period, active users of the newest count that has them, and the rate of the period that follows. The
-- first span begins before all dates and the last has no end, so that an as-of date finds one row an agreement by two
-- comparisons. Of an upcoming agreement its first period, of an ended one its last. next_full_* is what the rule would give if
-- no announcement known then were ever too late; next_step_* is the step of the current price above today's users.
with counted as (
    select u.customer_id, max(u.counted_on) as last_counted_on
    from model.user_spans as u
    group by u.customer_id
),

announced as (
    select v.agreement_id, max(v.valid_from) as last_valid_from, max(v.announced_on) as last_announced_on
    from model.agreement_versions as v
    group by v.agreement_id
),

-- Periods begun later than settled_on are all alike: every count and every price known of holds, and none was too late.
terms as (
    select
        t.*,
        greatest(
            t.subscribed_on,
            c.last_counted_on,
            a.last_valid_from,
            cast(a.last_announced_on + to_months(t.notice_months + 1) as date) + t.price_notice_days
        ) as settled_on
    from model.agreement_terms as t
    left join counted as c on t.customer_id = c.customer_id
    left join announced as a on t.agreement_id = a.agreement_id
),

years as (
    select
        t.agreement_id,
        t.subscribed_on,
        t.anniversary_on,
        unnest(range(
            cast(model.years_since(t.anniversary_on, t.subscribed_on) as bigint),
            cast(model.years_since(t.anniversary_on, least(t.settled_on, coalesce(t.ends_on, t.settled_on))) + 2 as bigint)
        )) as years
    from terms as t
),

-- The days from which something else is known.
days as (
    select
        t.agreement_id,
        date '0001-01-01' as on_day,
        cast(null as date) as counted_on,
        cast(null as integer) as users,
        cast(null as integer) as active_users,
        cast(null as date) as announced_on
    from model.agreement_terms as t
    union all
    select
        y.agreement_id,
        model.period_start(y.subscribed_on, y.anniversary_on, y.years) as on_day,
        null as counted_on,
        null as users,
        null as active_users,
        null as announced_on
    from years as y
    union all
    select
        t.agreement_id,
        u.counted_on as on_day,
        u.counted_on,
        u.registered_users as users,
        u.last_active_users as active_users,
        null as announced_on
    from model.agreement_terms as t
    inner join model.user_spans as u on t.customer_id = u.customer_id
    union all
    select v.agreement_id, v.announced_on as on_day, null as counted_on, null as users, null as active_users, v.announced_on
    from model.agreement_versions as v
    union all
    select
        t.agreement_id,
        t.ends_on + 1 as on_day,
        null as counted_on,
        null as users,
        null as active_users,
        null as announced_on
    from model.agreement_terms as t
    where t.ends_on is not null
),

distinct_days as (
    select
        d.agreement_id,
        d.on_day,
        max(d.counted_on) as counted_on,
        max(d.users) as users,
        max(d.active_users) as active_users,
        max(d.announced_on) as announced_on
    from days as d
    group by d.agreement_id, d.on_day
),

spans as (
    select
        t.agreement_id,
        t.customer_id,
        t.subscribed_on,
        t.anniversary_on,
        t.ends_on,
        t.notice_months,
        t.price_notice_days,
        d.on_day as known_from,
        lead(d.on_day, 1, date '9999-12-31') over agreement as known_until,
        max(d.counted_on) over agreement as counted_on,
        last_value(d.users ignore nulls) over agreement as counted_users,
        last_value(d.active_users ignore nulls) over agreement as active_users,
        -- the prices announced by then, named by the last of them
        max(d.announced_on) over agreement as announced_on,
        greatest(t.subscribed_on, least(d.on_day, coalesce(t.ends_on, d.on_day))) as period_day
    from distinct_days as d
    inner join model.agreement_terms as t on d.agreement_id = t.agreement_id
    where t.ends_on is null or d.on_day <= t.ends_on + 1
    window agreement as (partition by d.agreement_id order by d.on_day)
),

placed as (
    select
        s.*,
        model.years_since(s.anniversary_on, s.period_day) as years
    from spans as s
),

dated as (
    select
        p.*,
        model.period_start(p.subscribed_on, p.anniversary_on, p.years) as period_start,
        model.plus_years(p.anniversary_on, p.years + 1) as renewal_on
    from placed as p
),

noticed as (
    select
        d.*,
        case
            when d.period_start = d.subscribed_on then d.subscribed_on
            else model.price_notice_deadline(d.period_start - 1, d.notice_months, d.price_notice_days)
        end as announce_by,
        model.price_notice_deadline(d.renewal_on - 1, d.notice_months, d.price_notice_days) as next_announce_by
    from dated as d
),

-- What was announced after a period's last day for it, and after the agreement's start, doesn't reach the period.
known as materialized (
    select
        n.agreement_id,
        n.customer_id,
        n.subscribed_on,
        n.ends_on,
        n.known_from,
        n.known_until,
        n.period_start,
        n.renewal_on,
        n.next_announce_by,
        n.counted_on,
        n.counted_users,
        n.active_users,
        n.announced_on,
        n.announce_by,
        case when n.announced_on is not null then least(n.announced_on, greatest(n.announce_by, n.subscribed_on)) end as reached_on
    from noticed as n
),

current_versions as (
    select
        k.agreement_id,
        k.period_start,
        k.reached_on,
        max(v.valid_from) filter (where v.price_source = 'direct') as direct_version,
        max(v.valid_from) filter (where v.price_source = 'list') as list_version
    from (select distinct n.agreement_id, n.period_start, n.announce_by, n.reached_on from known as n) as k
    inner join model.agreement_versions as v
        on k.agreement_id = v.agreement_id
        and v.valid_from <= k.period_start
        and v.announced_on <= k.reached_on
        and (v.is_from_start or v.announced_on <= k.announce_by)
    group by k.agreement_id, k.period_start, k.reached_on
),

next_versions as (
    select
        k.agreement_id,
        k.renewal_on,
        k.announced_on,
        max(v.valid_from) filter (
            where v.price_source = 'direct' and (v.is_from_start or v.announced_on <= k.next_announce_by)
        ) as direct_version,
        max(v.valid_from) filter (
            where v.price_source = 'list' and (v.is_from_start or v.announced_on <= k.next_announce_by)
        ) as list_version,
        max(v.valid_from) filter (where v.price_source = 'direct') as full_direct_version,
        max(v.valid_from) filter (where v.price_source = 'list') as full_list_version
    from (select distinct n.agreement_id, n.renewal_on, n.announced_on, n.next_announce_by from known as n) as k
    inner join model.agreement_versions as v
        on k.agreement_id = v.agreement_id and v.valid_from <= k.renewal_on and v.announced_on <= k.announced_on
    group by k.agreement_id, k.renewal_on, k.announced_on
),

-- Every period starts a span; before it begins, the newest count there is stands for the one on its start.
counts as (
    select
        k.*,
        t.product,
        t.complexity,
        t.price_basis,
        t.price_per_user,
        coalesce(k.counted_users, t.registered_users) as current_users,
        coalesce(case when k.known_from < k.period_start then k.counted_users else s.counted_users end, t.registered_users)
            as users_on_start,
        case when k.known_from < k.period_start then k.counted_on else s.counted_on end as users_counted_on
    from known as k
    inner join model.agreement_terms as t on k.agreement_id = t.agreement_id
    left join known as s on k.agreement_id = s.agreement_id and k.period_start = s.known_from
),

chosen as (
    select
        c.*,
        case
            when v.direct_version is not null then 'direct'
            when c.price_basis = 'contract' then 'contract'
            when v.list_version is not null then 'list'
        end as price_source,
        coalesce(v.direct_version, v.list_version) as price_version,
        case
            when n.direct_version is not null then 'direct'
            when c.price_basis = 'contract' then 'contract'
            when n.list_version is not null then 'list'
        end as next_source,
        coalesce(n.direct_version, n.list_version) as next_version,
        case
            when n.full_direct_version is not null then 'direct'
            when c.price_basis = 'contract' then 'contract'
            when n.full_list_version is not null then 'list'
        end as next_full_source,
        coalesce(n.full_direct_version, n.full_list_version) as next_full_version,
        case
            when c.known_from > c.ends_on then null
            when c.users_on_start is not null then coalesce(b.billed_users, c.users_on_start)
        end as invoiced_users
    from counts as c
    left join current_versions as v
        on c.agreement_id = v.agreement_id and c.period_start = v.period_start and c.reached_on = v.reached_on
    left join next_versions as n
        on c.agreement_id = n.agreement_id and c.renewal_on = n.renewal_on and c.announced_on = n.announced_on
    left join model.billed_steps as b
        on c.agreement_id = b.agreement_id
        and c.period_start = b.period_start
        and c.counted_on = b.counted_on
)

select
    c.agreement_id,
    c.customer_id,
    c.known_from,
    c.known_until,
    c.known_from >= c.subscribed_on and (c.ends_on is null or c.known_from <= c.ends_on) as is_in_force,
    -- where the rows of all periods that began are to be found: later ones are all like the last span
    c.known_from = c.period_start or c.known_until = date '9999-12-31' as begins_period,
    c.counted_on,
    c.users_counted_on,
    c.users_on_start,
    c.invoiced_users,
    case when c.known_from > c.ends_on then null else c.current_users end as registered_users,
    c.active_users,
    c.price_source,
    c.price_version,
    case when c.price_source = 'contract' then c.price_per_user else s.price_per_user end as rate,
    nullif(p.next_min_users, 2147483647) as next_step_users,
    p.next_price_per_user as next_step_rate,
    c.next_source,
    c.next_version,
    case when c.next_source = 'contract' then c.price_per_user else n.price_per_user end as next_rate,
    case when c.next_full_source = 'contract' then c.price_per_user else f.price_per_user end as next_full_rate,
    c.next_full_version,
    coalesce(c.next_source, 'none') <> coalesce(c.next_full_source, 'none')
    or coalesce(c.next_version, date '1900-01-01') <> coalesce(c.next_full_version, date '1900-01-01') as is_next_missed
from chosen as c
left join model.price_steps as s
    on c.price_source = s.price_source
    and case when c.price_source = 'direct' then c.agreement_id else c.product end = s.price_owner
    and c.price_version = s.valid_from
    and c.complexity = s.complexity
    and c.users_on_start >= s.min_users
    and c.users_on_start < s.next_min_users
left join model.price_steps as p
    on c.price_source = p.price_source
    and case when c.price_source = 'direct' then c.agreement_id else c.product end = p.price_owner
    and c.price_version = p.valid_from
    and c.complexity = p.complexity
    and c.current_users >= p.min_users
    and c.current_users < p.next_min_users
left join model.price_steps as n
    on c.next_source = n.price_source
    and case when c.next_source = 'direct' then c.agreement_id else c.product end = n.price_owner
    and c.next_version = n.valid_from
    and c.complexity = n.complexity
    and c.current_users >= n.min_users
    and c.current_users < n.next_min_users
left join model.price_steps as f
    on c.next_full_source = f.price_source
    and case when c.next_full_source = 'direct' then c.agreement_id else c.product end = f.price_owner
    and c.next_full_version = f.valid_from
    and c.complexity = f.complexity
    and c.current_users >= f.min_users
    and c.current_users < f.next_min_users
