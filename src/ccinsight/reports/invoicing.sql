-- One row per agreement, period and kind: what should have been invoiced and what was (R7).
select
    b.* exclude (first_raised_on, period_number),
    as_of - coalesce(b.first_raised_on, b.period_start) as days_due,
from model.period_billing(as_of, customer_ids, coalesce(since, model.year_before(as_of))) as b
order by
    b.expected - coalesce(b.invoiced, 0) desc nulls last,
    b.agreement_id asc,
    b.period_start asc,
    b.kind asc
