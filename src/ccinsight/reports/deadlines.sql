-- One row per coming date of an agreement: price notice, termination, renewal, or its end.
select
    d.due_on,
    d.act_by,
    d.kind,
    d.agreement_id,
    d.customer_id,
    d.customer_name,
    d.account_manager,
    date_diff('day', as_of, d.due_on) as days_left,
    d.annual_value,
    d.price_notice_state,
    d.period_number,
from model.deadline_dates(as_of, customer_ids, as_of, as_of + days) as d
where d.state <> 'ended'
order by d.due_on, d.kind, d.agreement_id
