-- One row per yearly or expansion invoice line that counts for no period and span of as-of dates
-- (R7): no single agreement fits it, or it is for a period before the agreement began.
select
    case
        when s.agreement_id is null then 'invoice_unassigned'
        else 'invoice_outside'
    end as check_name,
    s.invoice_line_id,
    s.customer_id,
    concat_ws(
        ', ', s.kind, cast(s.issued_on as varchar), cast(model.ore(s.amount) as varchar)
    ) as detail,
    s.named_agreement_id,
    s.known_from,
    s.known_until,
from model.invoice_states as s
where s.period_start is null
