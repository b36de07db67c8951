-- One row per customer with an agreement and kind of invoice line, consulting or course, with the
-- discount of the twelve months up to the as-of date (A3, A8): (standard - unit price) x quantity.
select
    i.customer_id,
    i.kind,
    count(*) as lines,
    sum(i.quantity) as quantity,
    sum(i.amount) as amount,
    sum(
        i.quantity
        * (
            case i.kind
                when 'consulting' then c.standard_hourly_rate
                else c.standard_course_price
            end
            - i.unit_price
        )
    ) as discount,
from main.invoices as i
inner join model.customers_on(as_of, customer_ids) as c on i.customer_id = c.customer_id
where
    i.kind in ('consulting', 'course')
    and i.issued_on > model.year_before(as_of)
    and i.issued_on <= as_of
group by i.customer_id, i.kind
