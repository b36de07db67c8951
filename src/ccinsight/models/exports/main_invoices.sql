-- One row per invoice line, with the customer found for it.
select
    r.invoice_line_id,
    r.invoice_number,
    r.line_number,
    coalesce(r.customer_id, c.customer_id) as customer_id,
    r.agreement_id,
    r.kind,
    r.issued_on,
    r.period_start,
    r.quantity,
    r.unit_price,
    r.amount,
    r.currency,
from stored.invoices as r
left join model.customer_references as c
    on r.customer_id is null
    and coalesce(r.org_number, '') = c.org_number
    and coalesce(r.customer_name, '') = c.customer_name
