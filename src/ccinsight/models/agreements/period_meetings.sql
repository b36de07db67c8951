-- One row per agreement in force: the status meeting of its current period (R12).
with met as (
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.period_start,
        p.period_end,
        p.price_notice_deadline,
        p.termination_deadline,
        p.period_number - m.met_periods as missed_periods,
        model.held_in_period(m.held_on, p.period_start) as held_on,
        model.planned_in_period(m.planned_on, p.period_end) as planned_on,
        model.meeting_status(
            as_of, m.held_on, m.planned_on, p.period_start, p.period_end, p.termination_deadline
        ) as status,
    from model.periods(as_of, customer_ids, as_of, as_of) as p
    inner join model.meeting_spans as m
        on p.agreement_id = m.agreement_id and model.is_within(as_of, m.known_from, m.known_until)
    where p.is_in_force
)

select
    m.agreement_id,
    m.customer_id,
    m.customer_name,
    m.account_manager,
    m.period_start,
    m.period_end,
    m.status,
    m.held_on,
    m.planned_on,
    m.price_notice_deadline as best_before,
    m.missed_periods,
    m.termination_deadline,
from met as m
