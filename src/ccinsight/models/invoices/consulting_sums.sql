-- One row per customer with an agreement: consulting done and invoiced over the twelve months up to the as-of date (R8).
with customers as (
    select c.*
    from model.customers_on(as_of, customer_ids) as c
),

done as (
    select
        t.customer_id,
        count(*) as tickets,
        sum(t.billable_minutes) as minutes,
    from model.tickets_on(as_of) as t
    where
        t.opened_at >= model.end_of_day(model.year_before(as_of))
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by t.customer_id
),

priced as (
    select
        i.customer_id,
        i.kind,
        i.amount,
        i.quantity
        * (
            case i.kind when 'consulting' then c.standard_hourly_rate else c.standard_course_price end - i.unit_price
        ) as discount,
    from main.invoices as i
    inner join customers as c on i.customer_id = c.customer_id
    where
        i.kind in ('consulting', 'course')
        and i.issued_on > model.year_before(as_of)
        and i.issued_on <= as_of
),

invoiced as (
    select
        p.customer_id,
        count(*) as lines,
        coalesce(sum(p.amount) filter (where p.kind = 'consulting'), 0) as amount,
        sum(p.discount) as discount,
    from priced as p
    group by p.customer_id
),

figures as (
    select
        c.customer_id,
        c.customer_name,
        c.account_manager,
        case when coalesce(d.tickets, 0) = 0 then 0 else d.minutes end as billable_minutes,
        coalesce(c.consultant_rate, c.member_hourly_rate) as hourly_rate,
        case when e.has_invoices then model.ore(coalesce(i.amount, 0)) end as invoiced,
        case when e.has_invoices then model.ore(case when coalesce(i.lines, 0) = 0 then 0 else i.discount end) end
            as discount_value,
    from customers as c
    cross join model.export_facts as e
    left join done as d on c.customer_id = d.customer_id
    left join invoiced as i on c.customer_id = i.customer_id
),

expected as (
    select
        f.*,
        model.ore_part(f.billable_minutes * f.hourly_rate, 60) as expected,
    from figures as f
)

select
    x.customer_id,
    cast(x.billable_minutes as double) as billable_minutes,
    cast(x.hourly_rate as decimal(18, 2)) as hourly_rate,
    x.expected,
    x.invoiced,
    x.expected - x.invoiced as difference,
    x.discount_value,
    x.customer_name,
    x.account_manager,
from expected as x
