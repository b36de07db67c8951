-- One row per agreement and period whose termination deadline fell within the months up to the
-- as-of date: did a notice end the agreement with that period (R4), without a successor that
-- follows it (R13). The past that a risk score is held against.
select
    p.agreement_id,
    p.customer_id,
    p.customer_name,
    p.account_manager,
    p.period_number,
    p.period_start,
    p.period_end,
    p.termination_deadline,
    p.has_left,
    case when p.has_left then p.notice_on end as notice_on,
    case when p.has_left then p.terminated_by end as terminated_by,
from
    model.period_outcomes(
        as_of,
        customer_ids,
        cast(as_of - to_months(months) as date),
        model.notice_horizon(as_of)
    ) as p
where
    p.termination_deadline <= as_of
    and p.termination_deadline > cast(as_of - to_months(months) as date)
    and p.termination_deadline >= p.subscribed_on
order by p.termination_deadline, p.agreement_id, p.period_number
