-- One row per customer with an agreement in force: use over the twelve months up to the as-of date
-- (R11). Percentile and median are those of all customers of the band, whatever the filter, and
-- unknown of fewer customers than `fewest`.
select
    u.customer_id,
    u.customer_name,
    u.account_manager,
    u.user_band,
    u.registered_users,
    u.active_users,
    u.licence_use,
    u.contacting_users,
    u.contact_rate,
    u.tickets,
    u.tickets_before,
    u.tickets_per_user,
    u.minutes,
    u.minutes_per_user,
    u.training_share,
    u.consulting_share,
    case when u.band_known >= fewest then u.percentile end as percentile,
    u.tickets_change,
    u.contacting_users_before,
    u.minutes_before,
    u.training_share_before,
    u.consulting_share_before,
    case when u.band_known >= fewest then u.band_tickets_per_user end as band_tickets_per_user,
    u.is_young,
    u.active_counted_users,
from model.band_use(as_of, customer_ids) as u
where customer_ids is null or u.customer_id in (select unnest(customer_ids))
order by u.tickets desc, u.customer_id asc
