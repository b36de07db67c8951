-- One row per customer and user count: the count holds from counted_on until the day before
-- next_counted_on (R5). last_*: of the newest count by then that has the number, for not every
-- count has active users and licences.
select
    u.customer_id,
    u.counted_on,
    lead(u.counted_on, 1, model.no_end()) over customer as next_counted_on,
    u.registered_users,
    u.available_licences,
    u.active_users,
    last_value(u.available_licences ignore nulls) over customer as last_available_licences,
    last_value(u.active_users ignore nulls) over customer as last_active_users,
    last_value(case when u.active_users is not null then u.registered_users end ignore nulls)
        over customer
        as last_active_counted_users,
from main.user_counts as u
where u.customer_id is not null
window customer as (partition by u.customer_id order by u.counted_on)
