-- One row per yearly or expansion invoice line that belongs to a period of an agreement, also one
-- after its end: the lines behind what invoicing calls invoiced (R7).
select
    a.invoice_line_id,
    a.agreement_id,
    a.customer_id,
    c.customer_name,
    a.period_start,
    a.kind,
    a.issued_on,
    cast(a.quantity as double) as quantity,
    cast(a.unit_price as decimal(18, 2)) as unit_price,
    cast(a.amount as decimal(18, 2)) as amount,
    a.named_agreement_id is null or a.named_period_start is null as is_placed,
from model.invoice_assignments(as_of) as a
inner join model.customers_on(as_of, customer_ids) as c on a.customer_id = c.customer_id
where a.period_start >= coalesce(since, model.year_before(as_of)) and a.period_start <= as_of
order by a.agreement_id, a.period_start, a.issued_on, a.invoice_line_id
