-- One row per verdict on a renewal that is due, and per action of a verdict that isn't done or was
-- closed in the last 90 days: duties beside those of R14. verdicts: what account managers said.
with milestones as materialized (
    select m.*
    from
        model.renewal_milestones(
            as_of, customer_ids, cast(as_of - to_months(60) as date), verdicts
        ) as m
),

due as (
    select
        model.duty_id(
            'renewal_verdict ' || m.milestone, m.agreement_id, m.customer_id, m.period_start
        ) as duty_id,
        'renewal_verdict' as kind,
        'open' as state,
        m.milestone_on + 30 as last_day,
        m.agreement_id,
        m.customer_id,
        m.customer_name,
        m.account_manager,
        m.period_start,
        cast(m.milestone as varchar) as detail,
        m.termination_deadline as relates_on,
        m.period_number,
        m.milestone,
    from milestones as m
    where m.verdict_id is null and m.is_asked
),

actions as (
    select
        m.*,
        case when m.closed_on <= as_of then m.closed_state else 'open' end as action_state,
    from milestones as m
    where m.action_on is not null
),

listed as (
    select
        model.duty_id(
            'verdict_action ' || a.verdict_id, a.agreement_id, a.customer_id, a.period_start
        ) as duty_id,
        'verdict_action' as kind,
        a.action_state as state,
        a.action_on as last_day,
        a.agreement_id,
        a.customer_id,
        a.customer_name,
        a.account_manager,
        a.period_start,
        a.action as detail,
        case when a.action_state <> 'open' then a.closed_on end as closed_on,
        case when a.action_state <> 'open' then a.closed_by end as closed_by,
        case when a.action_state <> 'open' then a.closed_note end as note,
        a.renewal_on as relates_on,
        a.period_number,
        a.milestone,
        a.verdict_id,
    from actions as a
    where
        case
            when a.action_state = 'open' then a.is_in_force
            else a.closed_on > as_of - 90
        end
),

duties as (
    select d.* from due as d
    union all by name
    select c.* from listed as c
)

select
    d.duty_id,
    d.kind,
    d.state,
    d.last_day,
    w.working_day as last_working_day,
    case when d.state = 'open' then d.last_day - as_of end as days_left,
    d.agreement_id,
    d.customer_id,
    d.customer_name,
    d.account_manager,
    d.period_start,
    cast(model.ore(s.invoiced_users * s.rate) as decimal(18, 2)) as value,
    d.detail,
    d.closed_on,
    d.closed_by,
    d.note,
    d.relates_on,
    d.period_number,
    d.milestone,
    d.verdict_id,
from duties as d
left join model.calendar as w on d.last_day = w.day
left join model.agreement_states as s
    on d.agreement_id = s.agreement_id and as_of >= s.known_from and as_of < s.known_until
order by
    d.state <> 'open',
    case when d.state = 'open' then d.last_day end nulls last,
    d.closed_on desc,
    d.kind asc,
    d.agreement_id asc,
    d.milestone desc,
    d.period_start asc,
    d.verdict_id asc
