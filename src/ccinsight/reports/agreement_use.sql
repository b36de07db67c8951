-- One row per customer with an agreement: what the agreement gave in the twelve months up to the
-- as-of date (A2, A3, A8; R8). Hours included: time spent less what is billable of it. Discounts:
-- (standard price − unit price) × quantity of the invoices.
select
    c.customer_id,
    coalesce(s.tickets, 0) as tickets,
    cast(case when coalesce(s.tickets, 0) = 0 then 0 else s.minutes end / 60 as double)
        as hours_spent,
    cast(case when coalesce(s.tickets, 0) = 0 then 0 else s.included_minutes end / 60 as double)
        as included_hours,
    coalesce(s.tickets - s.timed_tickets, 0) as tickets_without_minutes,
    cast(
        case
            when not e.has_invoices then null
            when coalesce(b.consulting_lines, 0) = 0 then 0
            else b.consulting_hours
        end as double
    ) as consulting_hours,
    model.ore(
        case
            when not e.has_invoices then null
            when coalesce(b.consulting_lines, 0) = 0 then 0
            else model.discount(
                c.standard_hourly_rate, b.priced_hours, b.priced_hours_amount
            )
        end
    ) as hour_discount,
    cast(
        case
            when not e.has_invoices then null
            when coalesce(b.course_lines, 0) = 0 then 0
            else b.course_seats
        end as bigint
    ) as course_seats,
    model.ore(
        case
            when not e.has_invoices then null
            when coalesce(b.course_lines, 0) = 0 then 0
            else model.discount(
                c.standard_course_price, b.priced_seats, b.priced_seats_amount
            )
        end
    ) as seat_discount,
from model.customers_on(as_of, customer_ids) as c
inner join model.export_facts as e on model.is_of_partner(c.customer_id, e.partner)
left join model.ticket_minutes(as_of, customer_ids) as s on c.customer_id = s.customer_id
left join model.discount_sums(as_of, customer_ids) as b on c.customer_id = b.customer_id
order by c.customer_id
