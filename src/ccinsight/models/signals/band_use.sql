-- One row per customer of band_customers: a year's use up to the as-of date, and its band's (R11).
with customers as (
    select b.* from model.band_customers(as_of, customer_ids) as b
),

tickets as (
    select
        t.customer_id,
        t.opened_on > model.year_before(as_of) as is_now,
        t.scope,
        t.minutes_spent,
        case when t.is_of_user then t.contact_key end as user_contact,
    from model.tickets_on(as_of) as t
    where
        t.opened_on > model.year_before(model.year_before(as_of))
        and (
            customer_ids is null or len(customer_ids) > 20
            or t.customer_id in (
                select c.customer_id from customers as c
                where len(customer_ids) <= 20
            )
        )
),

-- By contact first: a distinct count beside the others would read all tickets twice.
calls as (
    select
        t.customer_id,
        t.is_now,
        t.user_contact,
        count(*) as tickets,
        sum(t.minutes_spent) as known_minutes,
        count(*) filter (where t.scope = 'training') as training,
        count(*) filter (where t.scope = 'consulting') as consulting,
    from tickets as t
    group by t.customer_id, t.is_now, t.user_contact
),

usage as (
    select
        c.customer_id,
        cast(sum(c.tickets) filter (where c.is_now) as bigint) as tickets,
        cast(sum(c.tickets) filter (where not c.is_now) as bigint) as tickets_before,
        count(c.user_contact) filter (where c.is_now) as contacting_users,
        count(c.user_contact) filter (where not c.is_now) as contacts_before,
        sum(c.known_minutes) filter (where c.is_now) as known_minutes,
        sum(c.known_minutes) filter (where not c.is_now) as minutes_before,
        cast(sum(c.training) filter (where c.is_now) as double) as training,
        cast(sum(c.training) filter (where not c.is_now) as double) as training_before,
        cast(sum(c.consulting) filter (where c.is_now) as double) as consulting,
        cast(sum(c.consulting) filter (where not c.is_now) as double) as consulting_before,
    from calls as c
    group by c.customer_id
),

-- Where no ticket at all carries a contact, contacting users are unknown.
contacts_known as (
    select e.partner, e.first_contact_at < model.end_of_day(as_of) as has_contacts
    from model.export_facts as e
),

figures as (
    select
        c.customer_id,
        c.customer_name,
        c.account_manager,
        c.user_band,
        c.registered_users,
        c.customer_since_on,
        c.active_users,
        c.active_counted_users,
        cast(c.active_users as double) / nullif(c.active_counted_users, 0) as licence_use,
        case when k.has_contacts then coalesce(u.contacting_users, 0) end as contacting_users,
        case when k.has_contacts then coalesce(u.contacts_before, 0) end as contacting_users_before,
        coalesce(u.tickets, 0) as tickets,
        coalesce(u.tickets_before, 0) as tickets_before,
        case when u.tickets is null then 0 else u.known_minutes end as known_minutes,
        case when u.tickets_before is null then 0 else u.minutes_before end as known_minutes_before,
        u.training / u.tickets as training_share,
        u.consulting / u.tickets as consulting_share,
        u.training_before / u.tickets_before as training_share_before,
        u.consulting_before / u.tickets_before as consulting_share_before,
        cast(coalesce(u.tickets, 0) as double) / nullif(c.registered_users, 0) as tickets_per_user,
    from customers as c
    inner join contacts_known as k on model.is_of_partner(c.customer_id, k.partner)
    left join usage as u on c.customer_id = u.customer_id
)

select
    r.customer_id,
    r.customer_name,
    r.account_manager,
    r.user_band,
    r.registered_users,
    r.active_users,
    r.active_counted_users,
    r.licence_use,
    r.contacting_users,
    cast(r.contacting_users as double) / nullif(r.registered_users, 0) as contact_rate,
    r.tickets,
    r.tickets_before,
    r.tickets_per_user,
    cast(r.known_minutes as double) as minutes,
    cast(r.known_minutes as double) / nullif(r.registered_users, 0) as minutes_per_user,
    r.training_share,
    r.consulting_share,
    case when r.tickets_per_user is not null then percent_rank() over known end as percentile,
    r.tickets - r.tickets_before as tickets_change,
    r.contacting_users_before,
    cast(r.known_minutes_before as double) as minutes_before,
    r.training_share_before,
    r.consulting_share_before,
    median(r.tickets_per_user) over band as band_tickets_per_user,
    count(r.tickets_per_user) over band as band_known,
    r.customer_since_on > model.year_before(as_of) as is_young,
from figures as r
window
    band as (partition by r.user_band),
    known as (partition by r.user_band, r.tickets_per_user is null order by r.tickets_per_user)
