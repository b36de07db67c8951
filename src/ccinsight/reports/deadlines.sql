-- One row per coming date of an agreement: price notice, termination, renewal, or its end.
-- Deadlines fall before their period ends, the more so the longer the notice: look that much further ahead. A renewal
-- today belongs to the period that ended yesterday.
with ahead as (
    select p.*
    from model.periods(as_of, customer_ids, as_of - 1, cast(as_of + days + interval 3 year as date)) as p
    where p.state <> 'ended'
),

dates as (
    select a.*, 'end' as kind, a.period_end as due_on from ahead as a where a.ends_on = a.period_end
    union all
    select a.*, 'price_notice' as kind, a.price_notice_deadline as due_on
    from ahead as a
    where a.ends_on is null or a.ends_on <> a.period_end
    union all
    select a.*, 'termination' as kind, a.termination_deadline as due_on
    from ahead as a
    where a.ends_on is null or a.ends_on <> a.period_end
    union all
    select a.*, 'renewal' as kind, a.renewal_on as due_on
    from ahead as a
    where a.ends_on is null or a.ends_on <> a.period_end
)

select
    d.due_on,
    case when d.kind in ('price_notice', 'termination') then c.working_day end as act_by,
    d.kind,
    d.agreement_id,
    d.customer_id,
    d.customer_name,
    d.account_manager,
    d.due_on - as_of as days_left,
    model.ore(v.annual_value) as annual_value,
from dates as d
left join model.calendar as c on d.due_on = c.day
left join model.agreement_values(as_of, customer_ids) as v on d.agreement_id = v.agreement_id
where d.due_on >= as_of and d.due_on <= as_of + days
order by d.due_on, d.kind, d.agreement_id
