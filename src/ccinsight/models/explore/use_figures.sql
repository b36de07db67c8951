-- One row per customer with an agreement in force: its use over the twelve months up to the as-of
-- date (R11), with what it is broken down by.
select
    u.customer_id,
    u.customer_name,
    u.account_manager,
    u.user_band,
    c.product,
    c.complexity,
    c.price_basis,
    c.subscription_year,
    u.registered_users,
    u.contacting_users,
    u.tickets,
    u.minutes,
    u.tickets = 0 as is_silent,
from model.band_use(as_of, customer_ids) as u
inner join model.customer_traits(as_of, customer_ids) as c on u.customer_id = c.customer_id
where customer_ids is null or u.customer_id in (select unnest(customer_ids))
