-- One row per agreement, period and milestone that a verdict was given at, or can be given at on
-- the as-of date, of the termination deadlines of the last months and those to come. verdicts: what
-- account managers said.
with milestones as (
    select m.*
    from
        model.renewal_milestones(
            as_of, customer_ids, cast(as_of - to_months(months) as date), verdicts
        ) as m
)

select
    m.agreement_id,
    m.customer_id,
    m.customer_name,
    m.account_manager,
    m.period_start,
    m.renewal_on,
    m.termination_deadline,
    m.milestone,
    m.milestone_on,
    m.is_asked,
    m.verdict,
    m.reason,
    m.action,
    m.action_on,
    case when m.closed_on <= as_of then m.closed_state end as action_state,
    m.given_on,
    m.given_by,
    case
        when m.termination_deadline > as_of then null
        when m.has_left then 'left'
        else 'stayed'
    end as outcome,
    case when m.has_left then m.notice_on end as notice_on,
    case when m.has_left then m.terminated_by end as terminated_by,
    model.ore(s.invoiced_users * s.rate) as annual_value,
from milestones as m
left join model.agreement_states as s
    on m.agreement_id = s.agreement_id and as_of >= s.known_from and as_of < s.known_until
where m.verdict_id is not null or m.is_asked
order by
    m.termination_deadline asc,
    m.agreement_id asc,
    m.milestone desc
