-- One row per customer with an agreement: what the agreement gave in the twelve months up to the as-of date (A2, A3, A8; R8).
-- Hours included: time spent less what is billable of it. Discounts: (standard price − unit price) × quantity of the invoices.
with customers as (
    select c.*
    from model.customers_on(as_of, customer_ids) as c
),

spent as (
    select
        t.customer_id,
        count(*) as tickets,
        count(t.minutes_spent) as timed_tickets,
        sum(t.minutes_spent) as minutes,
        -- greatest() passes over unknown values, which must stay unknown
        sum(case when t.minutes_spent is not null then greatest(t.minutes_spent - coalesce(t.billable_minutes, 0), 0) end)
            as included_minutes
    from model.tickets_on(as_of) as t
    where
        t.opened_at >= model.end_of_day(model.year_before(as_of))
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by t.customer_id
),

billed as (
    select
        i.customer_id,
        count(*) filter (where i.kind = 'consulting') as consulting_lines,
        sum(i.quantity) filter (where i.kind = 'consulting') as consulting_hours,
        sum(i.quantity * (c.standard_hourly_rate - i.unit_price)) filter (where i.kind = 'consulting') as hour_discount,
        count(*) filter (where i.kind = 'course') as course_lines,
        sum(i.quantity) filter (where i.kind = 'course') as course_seats,
        sum(i.quantity * (c.standard_course_price - i.unit_price)) filter (where i.kind = 'course') as seat_discount
    from main.invoices as i
    inner join customers as c on i.customer_id = c.customer_id
    where
        i.kind in ('consulting', 'course')
        and i.issued_on > model.year_before(as_of)
        and i.issued_on <= as_of
    group by i.customer_id
)

select
    c.customer_id,
    coalesce(s.tickets, 0) as tickets,
    cast(case when coalesce(s.tickets, 0) = 0 then 0 else s.minutes end / 60 as double) as hours_spent,
    cast(case when coalesce(s.tickets, 0) = 0 then 0 else s.included_minutes end / 60 as double) as included_hours,
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
            else b.hour_discount
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
            else b.seat_discount
        end
    ) as seat_discount
from customers as c
cross join model.export_facts as e
left join spent as s on c.customer_id = s.customer_id
left join billed as b on c.customer_id = b.customer_id
order by c.customer_id
