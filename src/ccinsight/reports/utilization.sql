-- One row per customer with an agreement in force: use over the twelve months up to the as-of date (R11).
with customers as (
    select
        c.*,
        model.year_before(as_of) as window_start,
        model.year_before(model.year_before(as_of)) as window_before_start,
    from model.customers_on(as_of, null) as c
    where c.agreements_in_force > 0
),

-- Where no ticket at all carries a contact, contacting users are unknown.
contacts_known as (
    select exists(
        select 1
        from model.ticket_facts as t
        where t.contact is not null and t.opened_at < model.end_of_day(as_of)
    ) as has_contacts,
),

tickets as (
    select
        t.customer_id,
        t.opened_on > model.year_before(as_of) as is_now,
        t.scope,
        t.minutes_spent,
        case when coalesce(t.contact_role, 'user') = 'user' then t.contact end as user_contact,
    from model.ticket_facts as t
    where
        t.opened_at >= model.end_of_day(model.year_before(model.year_before(as_of)))
        and t.opened_at < model.end_of_day(as_of)
),

usage as (
    select
        t.customer_id,
        count(*) filter (where t.is_now) as tickets,
        count(*) filter (where not t.is_now) as tickets_before,
        count(distinct t.user_contact) filter (where t.is_now) as contacting_users,
        count(distinct t.user_contact) filter (where not t.is_now) as contacting_users_before,
        sum(t.minutes_spent) filter (where t.is_now) as known_minutes,
        sum(t.minutes_spent) filter (where not t.is_now) as known_minutes_before,
        count(*) filter (where t.is_now and t.scope = 'training') as training,
        count(*) filter (where t.is_now and t.scope = 'consulting') as consulting,
        count(*) filter (where not t.is_now and t.scope = 'training') as training_before,
        count(*) filter (where not t.is_now and t.scope = 'consulting') as consulting_before,
    from tickets as t
    group by t.customer_id
),

-- The newest count that has both active and registered users.
licences as (
    select
        s.customer_id,
        arg_max(s.active_users, s.counted_on) as active_users,
        arg_max(s.registered_users, s.counted_on) as counted_users,
    from model.user_spans as s
    where s.active_users is not null and s.counted_on <= as_of
    group by s.customer_id
),

figures as (
    select
        c.customer_id,
        c.customer_name,
        c.account_manager,
        c.user_band,
        c.registered_users,
        c.customer_since_on,
        l.active_users,
        cast(l.active_users as double) / nullif(l.counted_users, 0) as licence_use,
        case when k.has_contacts then coalesce(u.contacting_users, 0) end as contacting_users,
        case when k.has_contacts then coalesce(u.contacting_users_before, 0) end as contacting_users_before,
        coalesce(u.tickets, 0) as tickets,
        coalesce(u.tickets_before, 0) as tickets_before,
        case when coalesce(u.tickets, 0) = 0 then 0 else u.known_minutes end as known_minutes,
        case when coalesce(u.tickets_before, 0) = 0 then 0 else u.known_minutes_before end as known_minutes_before,
        cast(u.training as double) / nullif(u.tickets, 0) as training_share,
        cast(u.consulting as double) / nullif(u.tickets, 0) as consulting_share,
        cast(u.training_before as double) / nullif(u.tickets_before, 0) as training_share_before,
        cast(u.consulting_before as double) / nullif(u.tickets_before, 0) as consulting_share_before,
        cast(coalesce(u.tickets, 0) as double) / nullif(c.registered_users, 0) as tickets_per_user,
    from customers as c
    cross join contacts_known as k
    left join usage as u on c.customer_id = u.customer_id
    left join licences as l on c.customer_id = l.customer_id
),

-- Peers are all customers of the band, whatever the filter.
ranked as (
    select
        f.*,
        case
            when f.tickets_per_user is not null
                then percent_rank() over (
                    partition by f.user_band, f.tickets_per_user is null order by f.tickets_per_user
                )
        end as percentile,
        median(f.tickets_per_user) over (partition by f.user_band) as band_tickets_per_user,
    from figures as f
)

select
    r.customer_id,
    r.customer_name,
    r.account_manager,
    r.user_band,
    r.registered_users,
    r.active_users,
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
    r.percentile,
    r.tickets - r.tickets_before as tickets_change,
    r.contacting_users_before,
    cast(r.known_minutes_before as double) as minutes_before,
    r.training_share_before,
    r.consulting_share_before,
    r.band_tickets_per_user,
    r.customer_since_on > model.year_before(as_of) as is_young,
from ranked as r
where customer_ids is null or r.customer_id in (select unnest(customer_ids))
order by r.tickets desc, r.customer_id
