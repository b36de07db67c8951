-- One row per customer and day on which its consulting of the last twelve months changes (R8), and
-- day on which the tickets were found gone from a full list (null: they weren't): the billable
-- minutes and the amounts invoiced that enter the twelve months on the day, less those that leave
-- them, a year later.
with moved as (
    select
        t.customer_id,
        t.opened_on as on_day,
        t.gone_on,
        t.billable_minutes as minutes,
        0 as amount,
    from model.ticket_facts as t
    where t.billable_minutes > 0 and t.customer_id is not null
    union all
    select
        i.customer_id,
        i.issued_on as on_day,
        cast(null as date) as gone_on,
        0 as minutes,
        i.amount,
    from main.invoices as i
    where i.kind = 'consulting' and i.customer_id is not null
),

days as (
    select
        m.customer_id,
        m.on_day,
        m.gone_on,
        sum(m.minutes) as minutes,
        sum(m.amount) as amount,
    from moved as m
    group by m.customer_id, m.on_day, m.gone_on
),

changes as (
    select d.customer_id, d.on_day, d.gone_on, d.minutes, d.amount
    from days as d
    union all
    select
        d.customer_id,
        -- a year after 29 February the day is still within the twelve months up to 28 February
        model.plus_years(d.on_day, 1)
        + case when model.year_before(model.plus_years(d.on_day, 1)) < d.on_day then 1 else 0 end
            as on_day,
        d.gone_on,
        -d.minutes as minutes,
        -d.amount as amount,
    from days as d
)

select
    c.customer_id,
    c.on_day,
    c.gone_on,
    cast(sum(c.minutes) as decimal(18, 6)) as minutes,
    cast(sum(c.amount) as decimal(18, 4)) as amount,
from changes as c
group by c.customer_id, c.on_day, c.gone_on
