-- One row per agreement in force and thing to do for it, other than about its invoices (R14).
-- relates_on is the day that the duty is about: the renewal, the agreement's end or its start.
with in_force as (
    select
        t.agreement_id,
        t.customer_id,
        t.customer_name,
        t.account_manager,
        t.product,
        t.complexity,
        t.subscribed_on,
        t.anniversary_on,
        t.notice_years,
        case when t.is_aligned then 1 else 0 end as first_number,
        t.notice_months,
        t.price_notice_days,
        case when t.notice_on <= as_of then t.notice_on end as notice_on,
        model.known_end(as_of, t.notice_on, t.noticed_end, t.gone_on) as ends_on,
        t.has_confirmations and coalesce(t.partner_confirmed_on > as_of, true) as is_unconfirmed,
        model.years_since(t.anniversary_on, as_of) as years,
        s.users_on_start,
        s.registered_users,
        s.rate,
        model.ore(s.invoiced_users * s.rate) as current_value,
        s.price_notice_state,
        m.held_on,
        m.planned_on,
    from model.agreement_terms as t
    inner join model.agreement_states as s
        on t.agreement_id = s.agreement_id and model.is_within(as_of, s.known_from, s.known_until)
    inner join model.meeting_spans as m
        on t.agreement_id = m.agreement_id and model.is_within(as_of, m.known_from, m.known_until)
    where s.is_in_force and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
),

dated as (
    select
        f.*,
        model.period_start(f.subscribed_on, f.anniversary_on, f.years) as period_start,
        model.plus_years(f.anniversary_on, f.years + 1) as renewal_on,
    from in_force as f
),

limited as (
    select
        d.*,
        model.termination_deadline(d.renewal_on - 1, d.notice_months) as termination_deadline,
    from dated as d
),

current_periods as (
    select
        l.*,
        model.price_notice_deadline(l.renewal_on - 1, l.notice_months, l.price_notice_days)
            as price_notice_deadline,
        model.meeting_status(
            as_of,
            l.held_on, l.planned_on, l.period_start, l.renewal_on - 1, l.termination_deadline
        ) as meeting_status,
        unnest(
            [
                'price_notice', 'status_meeting', 'termination_received',
                'partner_confirmation', 'users_unknown', 'rate_unknown'
            ]
        ) as kind,
    from limited as l
)

select
    c.kind,
    c.agreement_id,
    case
        when c.kind in ('price_notice', 'status_meeting') then c.period_start
        when c.kind = 'termination_received'
            then model.period_start(c.subscribed_on, c.anniversary_on, c.notice_years)
    end as period_start,
    case
        when c.kind in ('price_notice', 'status_meeting') then c.years
        when c.kind = 'termination_received' then c.notice_years
    end + c.first_number as period_number,
    case
        when c.kind in ('price_notice', 'status_meeting') then c.price_notice_deadline
        when c.kind = 'termination_received' then c.notice_on + 7
        when c.kind = 'partner_confirmation' then c.subscribed_on + 30
    end as last_day,
    case
        when c.kind in ('price_notice', 'status_meeting', 'termination_received')
            then c.current_value
    end as value,
    case
        when c.kind = 'price_notice' then cast(c.renewal_on as varchar)
        when c.kind = 'status_meeting' then c.meeting_status
        when c.kind = 'termination_received' then cast(c.ends_on as varchar)
        when c.kind = 'partner_confirmation' then cast(c.subscribed_on as varchar)
        when c.kind = 'rate_unknown'
            then concat_ws(', ', c.complexity, c.product, cast(c.users_on_start as varchar))
    end as detail,
    case
        when c.kind in ('price_notice', 'status_meeting') then c.renewal_on
        when c.kind = 'termination_received' then c.ends_on
        when c.kind = 'partner_confirmation' then c.subscribed_on
    end as relates_on,
    c.customer_id,
    c.customer_name,
    c.account_manager,
from current_periods as c
where
    case c.kind
        when 'price_notice'
            then
                c.price_notice_state = 'planned'
                and as_of <= c.price_notice_deadline
                and (c.ends_on is null or c.ends_on >= c.renewal_on)
        when 'status_meeting' then c.meeting_status in ('due', 'overdue')
        when 'termination_received' then c.notice_on is not null
        when 'partner_confirmation' then c.is_unconfirmed and c.subscribed_on + 30 <= as_of
        when 'users_unknown' then c.registered_users is null
        when 'rate_unknown' then c.rate is null
    end
