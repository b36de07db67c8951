-- One row per meeting, with the customer found for it.
select
    r.meeting_id,
    coalesce(r.customer_id, c.customer_id) as customer_id,
    r.kind,
    r.planned_on,
    r.held_on,
    r.note,
from stored.meetings as r
left join model.customer_references as c
    on r.customer_id is null
    and coalesce(r.org_number, '') = c.org_number
    and coalesce(r.customer_name, '') = c.customer_name
