-- One row per customer and user count: the count holds from counted_on until the day before next_counted_on (R5).
select
    customer_id,
    counted_on,
    lead(counted_on, 1, date '9999-12-31') over (partition by customer_id order by counted_on) as next_counted_on,
    registered_users,
    available_licences,
    active_users,
from main.user_counts
where customer_id is not null
