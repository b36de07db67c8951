-- One row per agreement in force and thing to do for it, other than about its invoices (R14).
-- relates_on is the day that the duty is about: the renewal, the agreement's end or its start.
with current_periods as (
    select
        v.agreement_id,
        v.customer_id,
        v.customer_name,
        v.account_manager,
        v.product,
        v.complexity,
        v.subscribed_on,
        v.notice_on,
        v.ends_on,
        v.period_start,
        v.renewal_on,
        v.price_notice_deadline,
        v.users_on_start,
        v.registered_users,
        v.rate,
        model.ore(v.annual_value) as current_value,
        model.period_start(
            v.subscribed_on, v.anniversary_on, model.years_since(v.anniversary_on, v.notice_on)
        ) as notice_period_start,
        v.price_notice_state = 'planned'
        and as_of <= v.price_notice_deadline
        and (v.ends_on is null or v.ends_on > v.period_end) as is_notice_due,
        model.meeting_status(
            as_of, m.held_on, m.planned_on, v.period_start, v.period_end, v.termination_deadline
        ) as meeting_status,
        coalesce(v.partner_confirmed_on > as_of, true) and e.has_confirmations as is_unconfirmed,
    from model.agreement_values(as_of, customer_ids) as v
    inner join model.export_facts as e on model.is_of_partner(v.customer_id, e.partner)
    inner join model.meeting_spans as m
        on v.agreement_id = m.agreement_id and model.is_within(as_of, m.known_from, m.known_until)
    where v.is_in_force
),

kinds as (
    select
        unnest(
            [
                'price_notice',
                'status_meeting',
                'termination_received',
                'partner_confirmation',
                'users_unknown',
                'rate_unknown'
            ]
        ) as kind,
)

select
    k.kind,
    c.agreement_id,
    case
        when k.kind in ('price_notice', 'status_meeting') then c.period_start
        when k.kind = 'termination_received' then c.notice_period_start
    end as period_start,
    case
        when k.kind in ('price_notice', 'status_meeting') then c.price_notice_deadline
        when k.kind = 'termination_received' then c.notice_on + 7
        when k.kind = 'partner_confirmation' then c.subscribed_on + 30
    end as last_day,
    case
        when k.kind in ('price_notice', 'status_meeting', 'termination_received')
            then c.current_value
    end as value,
    case
        when k.kind = 'price_notice' then cast(c.renewal_on as varchar)
        when k.kind = 'status_meeting' then c.meeting_status
        when k.kind = 'termination_received' then cast(c.ends_on as varchar)
        when k.kind = 'partner_confirmation' then cast(c.subscribed_on as varchar)
        when k.kind = 'rate_unknown'
            then concat_ws(', ', c.complexity, c.product, cast(c.users_on_start as varchar))
    end as detail,
    case
        when k.kind in ('price_notice', 'status_meeting') then c.renewal_on
        when k.kind = 'termination_received' then c.ends_on
        when k.kind = 'partner_confirmation' then c.subscribed_on
    end as relates_on,
    c.customer_id,
    c.customer_name,
    c.account_manager,
from current_periods as c
cross join kinds as k
where
    case k.kind
        when 'price_notice' then c.is_notice_due
        when 'status_meeting' then c.meeting_status in ('due', 'overdue')
        when 'termination_received' then c.notice_on is not null
        when 'partner_confirmation' then c.is_unconfirmed and c.subscribed_on + 30 <= as_of
        when 'users_unknown' then c.registered_users is null
        when 'rate_unknown' then c.rate is null
    end
