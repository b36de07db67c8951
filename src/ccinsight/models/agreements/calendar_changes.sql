-- One row per event of calendar files that is new, moved, says something else, or is cancelled as
-- of a moment, as it is to stand in stored.calendar_events. as_of is the moment's day.
-- Whoever downloads a file sees at most a year ahead, and data a year old still give events that
-- are kept here: a day further ahead than a year from now stands in no file yet. A day that has
-- passed stays as it is, unless the day itself was corrected.
with dated as (
    select d.* exclude (state)
    from model.deadline_dates(
        as_of, null, cast(as_of - interval 2 year as date), cast(as_of + interval 2 year as date)
    ) as d
),

moved as (
    select
        d.*,
        e.sequence_number as earlier_number,
        greatest(
            e.corrected_until,
            case when e.due_on <> d.due_on and e.due_on <= as_of + interval 1 year then e.due_on end
        ) as corrected_until,
        false as is_cancelled,
    from dated as d
    left join stored.calendar_events as e
        on d.agreement_id = e.agreement_id and d.kind = e.kind and d.period_number = e.period_number
    where
        e.agreement_id is null
        or e.is_cancelled
        or e.due_on <> d.due_on
        or (
            d.due_on >= as_of
            and (
                d.act_by is distinct from e.act_by
                or d.customer_id <> e.customer_id
                or d.customer_name <> e.customer_name
                or d.account_manager is distinct from e.account_manager
                or d.annual_value is distinct from e.annual_value
                or d.price_notice_state is distinct from e.price_notice_state
            )
        )
),

gone as (
    select
        e.* exclude (sequence_number, changed_at) replace (  -- noqa: RF02
            true as is_cancelled,
            greatest(
                e.corrected_until, case when e.due_on <= as_of + interval 1 year then e.due_on end
            ) as corrected_until
        ),
        e.sequence_number as earlier_number,
    from stored.calendar_events as e
    anti join dated as d
        on e.agreement_id = d.agreement_id and e.kind = d.kind and e.period_number = d.period_number
    where not e.is_cancelled and e.due_on >= cast(as_of - interval 2 year as date)
),

changes as (
    select * from moved
    union all by name
    select * from gone
)

select
    c.* exclude (earlier_number),
    model.event_sequence(known_at, c.earlier_number) as sequence_number,
    known_at as changed_at,
from changes as c
