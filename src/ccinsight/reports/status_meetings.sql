-- One row per agreement in force: the status meeting of its current period (R12).
select m.*
from model.period_meetings(as_of, customer_ids) as m
order by m.best_before, m.agreement_id
