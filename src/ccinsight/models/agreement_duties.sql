-- One row per agreement in force and thing to do for it, other than about its invoices (R14). relates_on is the day that
-- the duty is about: the renewal, the agreement's end or its start.
with current_periods as (
    select
        v.*,
        model.ore(v.annual_value) as current_value,
        model.period_start(
            v.subscribed_on, v.anniversary_on, model.years_since(v.anniversary_on, v.notice_on)
        ) as notice_period_start,
    from model.agreement_values(as_of, customer_ids) as v
    where v.is_in_force
),

notices as (
    select p.agreement_id
    from model.price_notice_states(as_of, customer_ids, as_of, as_of) as p
    where p.price_notice_state = 'planned'
),

duties as (
    select
        'price_notice' as kind, c.agreement_id, c.period_start, c.price_notice_deadline as last_day,
        c.current_value as value, cast(c.renewal_on as varchar) as detail, c.renewal_on as relates_on,
    from current_periods as c
    inner join notices as n on c.agreement_id = n.agreement_id
    where as_of <= c.price_notice_deadline and (c.ends_on is null or c.ends_on > c.period_end)
    union all
    select
        'status_meeting' as kind, c.agreement_id, c.period_start, c.price_notice_deadline as last_day,
        c.current_value as value, m.status as detail, c.renewal_on as relates_on,
    from current_periods as c
    inner join model.period_meetings(as_of, customer_ids) as m on c.agreement_id = m.agreement_id
    where m.status in ('due', 'overdue')
    union all
    select
        'termination_received' as kind, c.agreement_id, c.notice_period_start as period_start, c.notice_on + 7 as last_day,
        c.current_value as value, cast(c.ends_on as varchar) as detail, c.ends_on as relates_on,
    from current_periods as c
    where c.notice_on is not null
    union all
    select
        'partner_confirmation' as kind, c.agreement_id, null as period_start, c.subscribed_on + 30 as last_day,
        null as value, cast(c.subscribed_on as varchar) as detail, c.subscribed_on as relates_on,
    from current_periods as c
    where
        (c.partner_confirmed_on is null or c.partner_confirmed_on > as_of)
        and c.subscribed_on + 30 <= as_of
        and (select e.has_confirmations from model.export_facts as e)
    union all
    select
        'users_unknown' as kind, c.agreement_id, null as period_start, null as last_day, null as value, null as detail,
        null as relates_on,
    from current_periods as c
    where c.registered_users is null
    union all
    select
        'rate_unknown' as kind, c.agreement_id, null as period_start, null as last_day, null as value,
        concat_ws(', ', c.complexity, c.product, cast(c.users_on_start as varchar)) as detail, null as relates_on,
    from current_periods as c
    where c.rate is null
)

select d.*, c.customer_id, c.customer_name, c.account_manager
from duties as d
inner join current_periods as c on d.agreement_id = c.agreement_id
