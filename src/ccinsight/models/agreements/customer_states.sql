-- One row per customer with an agreement and span of as-of dates on which the same is known of it:
-- the agreement that speaks for it, its users and its band, the numbers of its newest count, and
-- the meetings held so far. The first span begins before all dates and the last has no end. A
-- notice of an agreement that a successor follows loses nobody (R13). The agreement in force with
-- the latest subscribed_on (ties: greatest id), else the latest begun, else the first to begin.
with days as (
    select t.customer_id, model.no_start() as on_day from model.agreement_terms as t
    union all
    select t.customer_id, t.subscribed_on as on_day from model.agreement_terms as t
    union all
    select t.customer_id, t.notice_on as on_day from model.agreement_terms as t
    where t.notice_on is not null
    union all
    select t.customer_id, t.ends_on + 1 as on_day from model.agreement_terms as t
    where t.ends_on is not null
    union all by name
    select u.customer_id, u.counted_on as on_day, u.counted_on from model.user_spans as u
    union all by name
    select
        m.customer_id,
        m.held_on as on_day,
        case when m.kind = 'status_meeting' then m.held_on end as met_on,
        case when m.kind in ('course', 'workshop') then 1 end as courses,
    from main.meetings as m
    where m.held_on is not null
),

spans as (
    select
        d.customer_id,
        d.on_day as known_from,
        lead(d.on_day, 1, model.no_end()) over customer as known_until,
        max(max(d.counted_on)) over customer as counted_on,
        max(max(d.met_on)) over customer as last_meeting_on,
        cast(sum(count(d.courses)) over customer as bigint) as courses_held,
    from days as d
    where d.customer_id in (select t.customer_id from model.agreement_terms as t)
    group by d.customer_id, d.on_day
    window customer as (partition by d.customer_id order by d.on_day)
),

known as (
    select
        s.*,
        t.agreement_id,
        t.registered_users as own_users,
        t.subscribed_on,
        coalesce(t.notice_on <= s.known_from, false)
        and f.successor_id is null as is_lost_by_notice,
        s.known_from < t.subscribed_on as is_ahead,
        s.known_from < t.subscribed_on
        and (t.ends_on is null or s.known_from <= t.ends_on) as is_upcoming,
        s.known_from >= t.subscribed_on
        and (t.ends_on is null or s.known_from <= t.ends_on) as is_in_force,
    from spans as s
    inner join model.agreement_terms as t on s.customer_id = t.customer_id
    left join model.successors as f on t.agreement_id = f.agreement_id
),

ranked as (
    select
        k.*,
        case when k.is_in_force then 2 when k.is_ahead then 0 else 1 end as precedence,
        case
            when k.is_ahead then date '2000-01-01' - k.subscribed_on
            else k.subscribed_on - date '2000-01-01'
        end as recency,
    from known as k
),

customers as (
    select
        r.customer_id,
        r.known_from,
        r.known_until,
        r.counted_on,
        r.last_meeting_on,
        r.courses_held,
        arg_max(r.agreement_id, row(r.precedence, r.recency, r.agreement_id)) as agreement_id,
        max(r.own_users) filter (where r.is_in_force) as own_users_in_force,
        count(*) filter (where r.is_in_force) as agreements_in_force,
        count(*) filter (where r.is_upcoming) as agreements_upcoming,
        min(r.subscribed_on) as customer_since_on,
        count(*) filter (where r.is_lost_by_notice) as notices_known,
        count(*) filter (where r.is_in_force and not r.is_lost_by_notice) as going_on,
    from ranked as r
    group by
        r.customer_id, r.known_from, r.known_until, r.counted_on, r.last_meeting_on, r.courses_held
),

counted as (
    select
        c.* exclude (counted_on, own_users_in_force),  -- noqa: RF02
        coalesce(u.registered_users, c.own_users_in_force) as registered_users,
        u.registered_users as counted_users,
        u.last_available_licences as available_licences,
        u.last_active_users as active_users,
        u.last_active_counted_users as active_counted_users,
    from customers as c
    left join model.user_spans as u on c.customer_id = u.customer_id and c.counted_on = u.counted_on
)

select
    c.*,
    coalesce(b.user_band, 'unknown') as user_band,
from counted as c
left join stored.user_bands as b
    on c.registered_users >= b.from_users
    and c.registered_users <= coalesce(b.to_users, model.no_limit())
