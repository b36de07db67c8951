-- One row per date of an agreement from first_day to last_day: price notice, termination and
-- renewal of a period, or the end of the agreement (R1-R4).
-- Deadlines fall before their period ends, by the longest notice in the settings at most: look that
-- much further ahead. A renewal on the first day belongs to the period that ended the day before.
with kinds as (
    select v.kind, v.is_last
    from (
        values ('end', true), ('price_notice', false), ('termination', false), ('renewal', false)
    ) as v (kind, is_last)
),

ahead as (
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.state,
        p.period_number,
        p.price_notice_state,
        p.price_notice_deadline,
        p.termination_deadline,
        p.period_end,
        p.renewal_on,
        coalesce(p.ends_on = p.period_end, false) as is_last,
    from
        model.price_notice_states(
            as_of, customer_ids, first_day - 1, model.notice_horizon(last_day)
        ) as p
),

dates as (
    select
        a.agreement_id,
        a.customer_id,
        a.customer_name,
        a.account_manager,
        a.state,
        a.period_number,
        a.price_notice_state,
        k.kind,
        case k.kind
            when 'end' then a.period_end
            when 'price_notice' then a.price_notice_deadline
            when 'termination' then a.termination_deadline
            else a.renewal_on
        end as due_on,
    from ahead as a
    inner join kinds as k on a.is_last = k.is_last
)

select
    d.due_on,
    case when d.kind in ('price_notice', 'termination') then c.working_day end as act_by,
    d.kind,
    d.agreement_id,
    d.customer_id,
    d.customer_name,
    d.account_manager,
    d.state,
    model.ore(s.invoiced_users * s.rate) as annual_value,
    case when d.kind = 'price_notice' then d.price_notice_state end as price_notice_state,
    d.period_number,
from dates as d
left join model.calendar as c on d.due_on = c.day
left join model.agreement_states as s
    on d.agreement_id = s.agreement_id and as_of >= s.known_from and as_of < s.known_until
where d.due_on >= first_day and d.due_on <= last_day
