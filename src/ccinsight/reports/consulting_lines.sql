-- One row per ticket with billable minutes and per consulting invoice line of the twelve months up
-- to the as-of date (R8): the lines behind consulting. Tickets whose minutes are unknown are among
-- them. What a line is not about is 0.
with customers as (
    select c.*
    from model.customers_on(as_of, customer_ids) as c
),

lines as (
    select
        t.customer_id,
        'ticket' as source,
        s.ticket_id as line_key,
        t.opened_on as done_on,
        s.title as line_text,
        cast(t.billable_minutes as double) as billable_minutes,
        coalesce(c.consultant_rate, c.member_hourly_rate) as hourly_rate,
        -- the product of two decimals of 18 digits has 18 digits too: too few for a long ticket
        model.ore_part(
            t.billable_minutes
            * cast(coalesce(c.consultant_rate, c.member_hourly_rate) as decimal(38, 4)),
            60
        ) as expected,
        cast(0 as decimal(18, 2)) as invoiced,
        c.customer_name,
    from model.tickets_on(as_of) as t
    inner join stored.tickets as s on t.file_id = s.file_id and t.line = s.line
    inner join customers as c on t.customer_id = c.customer_id
    where
        t.opened_on > model.year_before(as_of)
        and s.opened_at >= model.end_of_day(model.year_before(as_of))
        and (t.billable_minutes is null or t.billable_minutes > 0)
    union all
    select
        i.customer_id,
        'invoice' as source,
        i.invoice_line_id as line_key,
        i.issued_on as done_on,
        null as line_text,
        cast(i.quantity * 60 as double) as billable_minutes,
        i.unit_price as hourly_rate,
        cast(0 as decimal(18, 2)) as expected,
        i.amount as invoiced,
        c.customer_name,
    from main.invoices as i
    inner join customers as c on i.customer_id = c.customer_id
    where i.kind = 'consulting' and i.issued_on > model.year_before(as_of) and i.issued_on <= as_of
)

select
    l.customer_id,
    l.customer_name,
    l.source,
    l.line_key,
    l.done_on,
    l.line_text,
    l.billable_minutes,
    cast(l.hourly_rate as decimal(18, 2)) as hourly_rate,
    cast(l.expected as decimal(18, 2)) as expected,
    cast(l.invoiced as decimal(18, 2)) as invoiced,
from lines as l
order by l.customer_id asc, l.done_on asc, l.source desc, l.line_key asc
