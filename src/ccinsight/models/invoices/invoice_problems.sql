-- One row per yearly or expansion invoice line that counts for no period, as known on the as-of
-- date (R7): no single agreement fits it, or it is for a period before the agreement began.
select
    case
        when a.agreement_id is null then 'invoice_unassigned'
        else 'invoice_outside'
    end as check_name,
    'invoices' as export,
    a.invoice_line_id as key,
    a.customer_id,
    concat_ws(
        ', ',
        a.kind,
        cast(a.issued_on as varchar),
        cast(model.ore(a.amount) as varchar),
        a.named_agreement_id
    )
        as detail,
    1 as rows,
from model.invoice_assignments(as_of) as a
where a.period_start is null
