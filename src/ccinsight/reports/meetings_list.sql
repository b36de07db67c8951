-- One row per meeting; one held after the as-of date is only planned.
select
    m.meeting_id,
    m.customer_id,
    c.customer_name,
    m.kind,
    m.planned_on,
    case when m.held_on <= as_of then m.held_on end as held_on,
    m.note,
from main.meetings as m
left join model.customers_on(as_of, customer_ids) as c on m.customer_id = c.customer_id
where customer_ids is null or m.customer_id in (select unnest(customer_ids))
order by
    coalesce(
        case when m.held_on <= as_of then m.held_on end, m.planned_on, m.held_on
    ) desc nulls last,
    m.meeting_id
