-- One row per customer with an agreement: consulting done and invoiced over the twelve months up to
-- the as-of date (R8).
with figures as (
    select
        c.customer_id,
        c.customer_name,
        c.account_manager,
        case when coalesce(d.tickets, 0) = 0 then 0 else d.billable_minutes end as billable_minutes,
        coalesce(c.consultant_rate, c.member_hourly_rate) as hourly_rate,
        case when c.has_invoices then model.ore(coalesce(i.consulting_amount, 0)) end as invoiced,
        c.has_invoices,
        i.customer_id is not null as has_lines,
        model.discount(c.standard_hourly_rate, i.priced_hours, i.priced_hours_amount)
            as hour_discount,
        model.discount(c.standard_course_price, i.priced_seats, i.priced_seats_amount)
            as seat_discount,
        coalesce(i.consulting_lines + i.course_lines, 0) as discount_lines,
        case when c.standard_hourly_rate is null then 0 else i.priced_consulting_lines end
        + case when c.standard_course_price is null then 0 else i.priced_course_lines end
            as priced_lines,
    from model.customers_on(as_of, customer_ids) as c
    left join model.ticket_minutes(as_of, customer_ids) as d on c.customer_id = d.customer_id
    left join model.discount_sums(as_of, customer_ids) as i on c.customer_id = i.customer_id
),

expected as (
    select
        f.*,
        model.ore_part(f.billable_minutes * f.hourly_rate, 60) as expected,
        coalesce(f.hour_discount + f.seat_discount, f.hour_discount, f.seat_discount) as discount,
    from figures as f
)

select
    x.customer_id,
    cast(x.billable_minutes as double) as billable_minutes,
    cast(x.hourly_rate as decimal(18, 2)) as hourly_rate,
    x.expected,
    x.invoiced,
    x.expected - x.invoiced as difference,
    case
        when x.has_invoices then model.ore(case when x.has_lines then x.discount else 0 end)
    end as discount_value,
    x.customer_name,
    x.account_manager,
    case when x.has_invoices then x.discount_lines end as discount_lines,
    case when x.has_invoices then x.discount_lines - coalesce(x.priced_lines, 0) end
        as unpriced_lines,
from expected as x
