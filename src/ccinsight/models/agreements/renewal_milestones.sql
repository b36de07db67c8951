-- One row per agreement, period and milestone begun by the as-of date: the day, six or three months
-- before the termination deadline (R2), from which on a verdict on the renewal is asked for, with
-- the newest one that was given by the as-of date and before the deadline. Of the deadlines from
-- first_day on. A verdict belongs to the renewal whose date is nearest to the one that it was given
-- for: an import may have moved it.
with given as (
    select
        v.*,
        cast(v.given_at as date) as given_on,
    from (select unnest(verdicts, recursive := true)) as v
    where cast(v.given_at as date) <= as_of
),

kinds as (
    select unnest([6, 3]) as milestone
),

dated as (
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.subscribed_on,
        p.is_in_force,
        p.notice_on,
        p.terminated_by,
        p.period_number,
        p.period_start,
        p.renewal_on,
        p.termination_deadline,
        p.is_last,
        p.has_left,
        k.milestone,
        cast(p.termination_deadline - to_months(k.milestone) as date) as milestone_on,
        case
            when k.milestone = 3 then p.termination_deadline - 1
            else cast(p.termination_deadline - to_months(3) as date) - 1
        end as asked_until,
    from
        model.period_outcomes(
            as_of,
            customer_ids,
            first_day,
            model.notice_horizon(cast(as_of + to_months(6) + interval 3 day as date))
        ) as p
    cross join kinds as k
),

begun as (
    select
        d.*,
        d.asked_until >= as_of and not d.is_last as is_asked,
    from dated as d
    where
        d.milestone_on <= as_of
        and d.milestone_on >= d.subscribed_on
        and d.termination_deadline >= first_day
),

placed as (
    select
        g.*,
        b.period_start,
        b.termination_deadline,
        row_number() over nearest as place,
    from given as g
    inner join begun as b
        on g.agreement_id = b.agreement_id
        and g.milestone = b.milestone
        and abs(date_diff('day', b.renewal_on, g.renewal_on)) <= 183
    window nearest as (
        partition by g.verdict_id
        order by abs(date_diff('day', b.renewal_on, g.renewal_on)) asc, b.renewal_on asc
    )
),

numbered as (
    select
        p.*,
        row_number() over newest_first as age,
    from placed as p
    where p.place = 1 and p.given_on < p.termination_deadline
    window newest_first as (
        partition by p.agreement_id, p.period_start, p.milestone order by p.verdict_id desc
    )
)

select
    b.*,
    n.verdict_id,
    n.verdict,
    n.reason,
    n.action,
    n.action_on,
    n.given_on,
    n.given_by,
    n.state as closed_state,
    n.closed_on,
    n.closed_by,
    n.note as closed_note,
from begun as b
left join numbered as n
    on b.agreement_id = n.agreement_id
    and b.period_start = n.period_start
    and b.milestone = n.milestone
    and n.age = 1
