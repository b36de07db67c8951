-- One row per customer with a line for consulting or a course in the twelve months up to the as-of
-- date (A3, A8): lines, quantities and amounts of each. priced_* are of the lines with a unit
-- price, as model.discount wants them; a priced line has a quantity too.
select
    i.customer_id,
    count(*) filter (where i.kind = 'consulting') as consulting_lines,
    sum(i.quantity) filter (where i.kind = 'consulting') as consulting_hours,
    sum(i.amount) filter (where i.kind = 'consulting') as consulting_amount,
    sum(i.quantity) filter (where i.kind = 'consulting' and i.unit_price is not null)
        as priced_hours,
    sum(cast(i.quantity as decimal(38, 6)) * i.unit_price) filter (where i.kind = 'consulting')
        as priced_hours_amount,
    count(*) filter (
        where i.kind = 'consulting' and i.quantity is not null and i.unit_price is not null
    ) as priced_consulting_lines,
    count(*) filter (where i.kind = 'course') as course_lines,
    sum(i.quantity) filter (where i.kind = 'course') as course_seats,
    sum(i.quantity) filter (where i.kind = 'course' and i.unit_price is not null) as priced_seats,
    sum(cast(i.quantity as decimal(38, 6)) * i.unit_price) filter (where i.kind = 'course')
        as priced_seats_amount,
    count(*) filter (
        where i.kind = 'course' and i.quantity is not null and i.unit_price is not null
    ) as priced_course_lines,
from main.invoices as i
where
    i.kind in ('consulting', 'course')
    and i.issued_on > model.year_before(as_of)
    and i.issued_on <= as_of
    and (customer_ids is null or i.customer_id in (select unnest(customer_ids)))
group by i.customer_id
