-- One row per agreement and period in which a status meeting was held, with the first such day
-- (R12).
with met as (
    select
        t.agreement_id,
        t.subscribed_on,
        t.anniversary_on,
        m.held_on,
        model.years_since(t.anniversary_on, m.held_on) as years,
    from main.meetings as m
    inner join model.agreement_terms as t on m.customer_id = t.customer_id
    where m.kind = 'status_meeting' and m.held_on >= t.subscribed_on
)

select
    m.agreement_id,
    model.period_start(m.subscribed_on, m.anniversary_on, m.years) as period_start,
    model.plus_years(m.anniversary_on, m.years + 1) as renewal_on,
    min(m.held_on) as held_on,
from met as m
group by m.agreement_id, m.subscribed_on, m.anniversary_on, m.years
