-- One row per agreement in force: the status meeting of its current period (R12).
with current_periods as (
    select p.*
    from model.periods(as_of, customer_ids, as_of, as_of) as p
    where p.is_in_force
),

meetings as (
    select
        m.customer_id,
        m.planned_on,
        case when m.held_on <= as_of then m.held_on end as held_on,
    from main.meetings as m
    where m.kind = 'status_meeting' and m.customer_id is not null
),

-- The past periods in which a meeting was held; all others before the current one went without.
past as (
    select
        p.agreement_id,
        count(*) as met_periods,
    from model.met_periods as p
    where p.renewal_on <= as_of
    group by p.agreement_id
),

met as (
    select
        c.agreement_id,
        max(m.held_on) filter (where m.held_on >= c.period_start) as held_on,
        min(m.planned_on) filter (
            where m.held_on is null and m.planned_on >= as_of and m.planned_on <= c.period_end
        ) as planned_on,
    from current_periods as c
    inner join meetings as m on c.customer_id = m.customer_id
    group by c.agreement_id
)

select
    c.agreement_id,
    c.customer_id,
    c.customer_name,
    c.account_manager,
    c.period_start,
    c.period_end,
    case
        when m.held_on is not null then 'held'
        when m.planned_on is not null then 'planned'
        when as_of <= c.termination_deadline then 'due'
        else 'overdue'
    end as status,
    m.held_on,
    m.planned_on,
    c.price_notice_deadline as best_before,
    c.period_number - coalesce(x.met_periods, 0) as missed_periods,
    c.termination_deadline,
from current_periods as c
left join met as m on c.agreement_id = m.agreement_id
left join past as x on c.agreement_id = x.agreement_id
