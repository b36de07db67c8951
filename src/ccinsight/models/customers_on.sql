-- One row per customer with an agreement: the agreement that speaks for it on the as-of date, its users and its band.
-- The agreement in force with the latest subscribed_on (ties: greatest id), else the latest begun, else the first to begin.
with ranked as (
    select
        a.*,
        max(case when a.is_in_force then a.registered_users end) over (partition by a.customer_id) as own_users_in_force,
        count(*) filter (where a.is_in_force) over (partition by a.customer_id) as agreements_in_force,
        count(*) filter (where a.state = 'upcoming') over (partition by a.customer_id) as agreements_upcoming,
        min(a.subscribed_on) over (partition by a.customer_id) as customer_since_on,
        row_number() over (
            partition by a.customer_id
            order by
                a.is_in_force desc,
                a.state = 'ended' desc,
                case when a.state = 'upcoming' then null else a.subscribed_on end desc nulls last,
                a.subscribed_on asc,
                a.agreement_id desc
        ) as choice,
    from model.known_agreements(as_of, customer_ids) as a
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
    r.agreements_in_force,
    r.agreements_upcoming,
    r.customer_since_on,
    coalesce(c.registered_users, r.own_users_in_force) as registered_users,
    coalesce(b.user_band, 'unknown') as user_band,
from ranked as r
left join model.user_spans as c
    on r.customer_id = c.customer_id and as_of >= c.counted_on and as_of < c.next_counted_on
left join stored.user_bands as b
    on coalesce(c.registered_users, r.own_users_in_force) >= b.from_users
    and coalesce(c.registered_users, r.own_users_in_force) <= coalesce(b.to_users, 2147483647)
where r.choice = 1
