-- One row per agreement and period that overlaps the span from first_day to last_day and begins
-- while the agreement is in force: whether a notice ended the agreement with it (R4), without a
-- successor that follows it (R13).
select
    p.*,
    coalesce(p.ends_on = p.period_end, false) as is_last,
    coalesce(p.ends_on = p.period_end, false) and s.successor_id is null as has_left,
from model.periods(as_of, customer_ids, first_day, last_day) as p
left join model.successors as s on p.agreement_id = s.agreement_id
where p.ends_on is null or p.period_end <= p.ends_on
