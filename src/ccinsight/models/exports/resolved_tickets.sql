-- One row per ticket as it is stored, with the customer found for it.
select
    r.* exclude (customer_id),
    coalesce(r.customer_id, c.customer_id) as customer_id,
from stored.tickets as r
left join model.customer_references as c
    on r.customer_id is null
    and coalesce(r.org_number, '') = c.org_number
    and coalesce(r.customer_name, '') = c.customer_name
