-- One row per customer and user count known on the as-of date.
select
    s.customer_id,
    s.counted_on,
    s.registered_users,
    s.available_licences,
    s.active_users,
from model.user_spans as s
where
    s.counted_on <= as_of
    and (customer_ids is null or s.customer_id in (select unnest(customer_ids)))
order by s.customer_id, s.counted_on
