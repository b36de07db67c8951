-- One row per agreement, period and kind for which something was invoiced (R7): how many lines, and
-- their sum.
select
    assigned.agreement_id,
    assigned.period_start,
    assigned.kind,
    count(*) as lines,
    sum(assigned.amount) as amount,
from model.invoice_assignments(as_of) as assigned
where assigned.period_start is not null
group by assigned.agreement_id, assigned.period_start, assigned.kind
