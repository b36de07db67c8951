-- One row per customer with an agreement: consulting done and invoiced over the twelve months up to
-- the as-of date (R8).
with invoiced as (
    select
        d.customer_id,
        sum(d.lines) as lines,
        coalesce(sum(d.amount) filter (where d.kind = 'consulting'), 0) as amount,
        sum(d.discount) as discount,
    from model.discount_sums(as_of, customer_ids) as d
    group by d.customer_id
),

figures as (
    select
        c.customer_id,
        c.customer_name,
        c.account_manager,
        case when coalesce(d.tickets, 0) = 0 then 0 else d.billable_minutes end as billable_minutes,
        coalesce(c.consultant_rate, c.member_hourly_rate) as hourly_rate,
        case when e.has_invoices then model.ore(coalesce(i.amount, 0)) end as invoiced,
        case
            when e.has_invoices
                then model.ore(case when coalesce(i.lines, 0) = 0 then 0 else i.discount end)
        end as discount_value,
    from model.customers_on(as_of, customer_ids) as c
    cross join model.export_facts as e
    left join model.ticket_minutes(as_of, customer_ids) as d on c.customer_id = d.customer_id
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
