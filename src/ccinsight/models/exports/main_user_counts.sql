-- One row per customer and day of count; one count a customer and day, the newest import's.
select
    coalesce(r.customer_id, c.customer_id) as customer_id,
    r.counted_on,
    r.registered_users,
    r.available_licences,
    r.active_users,
from stored.user_counts as r
left join model.customer_references as c
    on r.customer_id is null and coalesce(r.org_number, '') = c.org_number and coalesce(r.customer_name, '') = c.customer_name
qualify coalesce(r.customer_id, c.customer_id) is null or row_number() over (
    partition by coalesce(r.customer_id, c.customer_id), r.counted_on
    order by r.file_id desc, r.line desc
) = 1
