-- One row per customer with an agreement in force: its dates, prices and status meetings on the
-- as-of date (R1-R6, R12). Status meetings are looked for in the current period and in those of the
-- two years before.
with met as (
    select p.agreement_id, count(*) as met_periods
    from model.met_periods as p
    where p.renewal_on > cast(as_of - to_years(2) as date) and p.renewal_on <= as_of
    group by p.agreement_id
),

in_force as (
    select
        v.customer_id,
        v.sequence_number,
        v.registered_users,
        v.next_step_users,
        v.next_step_rate,
        v.renewal_on,
        v.termination_deadline,
        v.price_notice_deadline,
        v.rate,
        v.next_rate,
        v.annual_value,
        v.ends_on is null or v.ends_on > v.period_end as goes_on,
        f.successor_id is not null as has_successor,
        v.period_number
        - model.years_since(
            v.anniversary_on, greatest(v.subscribed_on, cast(as_of - to_years(2) as date))
        )
        - case when v.is_aligned then 1 else 0 end
        - coalesce(m.met_periods, 0) as missed_periods,
        model.meeting_status(
            as_of, s.held_on, s.planned_on, v.period_start, v.period_end, v.termination_deadline
        ) in ('held', 'planned') as has_meeting,
    from model.agreement_values(as_of, customer_ids) as v
    left join model.successors as f on v.agreement_id = f.agreement_id
    left join met as m on v.agreement_id = m.agreement_id
    inner join model.meeting_spans as s
        on v.agreement_id = s.agreement_id and model.is_within(as_of, s.known_from, s.known_until)
    where v.is_in_force
)

-- The first of the renewals that no notice has stopped speaks for the customer's dates; a successor
-- begins where one has (R13).
select
    v.customer_id,
    min(v.renewal_on) filter (where v.goes_on or v.has_successor) as renewal_on,
    sum(model.ore(v.annual_value)) as annual_value,
    max(cast(v.next_rate as double) / nullif(cast(v.rate as double), 0) - 1) filter (
        where v.goes_on
    ) as price_rise,
    min(date_diff('day', as_of, v.price_notice_deadline)) filter (where v.goes_on)
        as days_to_price_notice,
    min(date_diff('day', as_of, v.termination_deadline)) filter (where v.goes_on)
        as days_to_termination,
    max(
        v.missed_periods
        + case when not v.has_meeting and v.termination_deadline < as_of then 1 else 0 end
    )
        as meetings_missed,
    bool_and(v.has_meeting) as has_meeting,
    arg_max_null(v.rate, v.sequence_number) as rate,
    arg_max_null(v.next_step_users, v.sequence_number) as next_step_users,
    arg_max_null(v.next_step_rate, v.sequence_number) as next_step_rate,
    arg_max_null(v.next_step_users - v.registered_users, v.sequence_number) as users_to_next_step,
from in_force as v
group by v.customer_id
