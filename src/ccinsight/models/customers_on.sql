-- One row per customer with an agreement: the agreement that speaks for it on the as-of date, its users and its band.
-- The agreement in force with the latest subscribed_on (ties: greatest id), else the latest begun, else the first to begin.
-- Grouped and joined back: windows over partitions of one or two rows take three times as long.
with known as (
    select
        a.*,
        case when a.is_in_force then 2 when a.state = 'ended' then 1 else 0 end as precedence,
        case when a.state = 'upcoming' then date '2000-01-01' - a.subscribed_on else a.subscribed_on - date '2000-01-01' end
            as recency,
    from model.known_agreements(as_of, customer_ids) as a
),

customers as (
    select
        k.customer_id,
        arg_max(k.agreement_id, row(k.precedence, k.recency, k.agreement_id)) as agreement_id,
        max(k.registered_users) filter (where k.is_in_force) as own_users_in_force,
        count(*) filter (where k.is_in_force) as agreements_in_force,
        count(*) filter (where k.state = 'upcoming') as agreements_upcoming,
        min(k.subscribed_on) as customer_since_on,
        count(k.notice_on) as notices_known,
        count(*) filter (where k.is_in_force and k.ends_on is null) as going_on,
    from known as k
    group by k.customer_id
)

select
    r.customer_id,
    r.customer_name,
    r.org_number,
    r.account_manager,
    r.agreement_id,
    r.product,
    r.consultant_rate,
    r.member_hourly_rate,
    r.standard_hourly_rate,
    r.standard_course_price,
    r.partner_confirmed_on,
    g.agreements_in_force,
    g.agreements_upcoming,
    g.customer_since_on,
    g.notices_known,
    g.going_on,
    coalesce(c.registered_users, g.own_users_in_force) as registered_users,
    coalesce(b.user_band, 'unknown') as user_band,
from customers as g
inner join known as r on g.agreement_id = r.agreement_id
left join model.user_spans as c
    on r.customer_id = c.customer_id and as_of >= c.counted_on and as_of < c.next_counted_on
left join stored.user_bands as b
    on coalesce(c.registered_users, g.own_users_in_force) >= b.from_users
    and coalesce(c.registered_users, g.own_users_in_force) <= coalesce(b.to_users, 2147483647)
