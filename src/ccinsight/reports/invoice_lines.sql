-- One row per invoice line issued by the as-of date, newest first.
select
    i.invoice_line_id,
    i.customer_id,
    i.agreement_id,
    i.kind,
    i.issued_on,
    i.period_start,
    cast(i.quantity as double) as quantity,
    cast(i.unit_price as decimal(18, 2)) as unit_price,
    cast(i.amount as decimal(18, 2)) as amount,
from main.invoices as i
where
    i.issued_on <= as_of
    and (customer_ids is null or i.customer_id in (select unnest(customer_ids)))
order by i.issued_on desc, i.invoice_line_id asc
