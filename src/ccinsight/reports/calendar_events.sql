-- One row per event of the calendar file: the deadlines of the span, and what an earlier file said
-- that no longer holds. A file never says something older than the data: before the day of the
-- newest import the dates are those of the import.
with moment as (
    select coalesce(cast(m.known_at as date), as_of) as day from model.calendar_moment as m
),

-- What files said, where the day or an earlier one that a file gave hasn't passed.
said as (
    select
        e.* exclude (corrected_until),
        coalesce(e.corrected_until >= as_of, false) as is_corrected,
    from stored.calendar_events as e
    where
        greatest(e.due_on, e.corrected_until) >= as_of
        and (customer_ids is null or e.customer_id in (select unnest(customer_ids)))
),

-- From the day of the newest import on: what is known now.
coming as (
    select d.*
    from model.deadline_dates(as_of, customer_ids, as_of, as_of + days) as d
    where d.state <> 'ended' and as_of >= (select m.day from moment as m)
),

-- What was said and holds, holds no longer, or lies outside the span; what passed between the
-- import and now.
compared as (
    select
        e.* exclude (is_cancelled),  -- noqa: RF02
        case when e.is_cancelled then 'cancelled' else 'confirmed' end as status,
        e.due_on <= as_of + days and e.due_on >= as_of as is_in_span,
        c.agreement_id is not null as is_coming,
        coalesce(
            e.is_cancelled
            or c.due_on <> e.due_on
            or c.act_by is distinct from e.act_by
            or c.price_notice_state is distinct from e.price_notice_state,
            false
        ) as is_changed,
        as_of >= (select m.day from moment as m) as is_now,
    from said as e
    left join coming as c
        on e.agreement_id = c.agreement_id and e.kind = c.kind and e.period_number = c.period_number
),

events as (
    -- as it was said
    select e.* exclude (is_corrected, is_in_span, is_coming, is_changed, is_now)
    from compared as e
    where
        case
            when e.is_coming then not e.is_changed
            when e.is_in_span and e.status = 'confirmed' then not e.is_now
            else e.is_corrected
        end
    union all by name
    -- no longer, by a notice that became known since
    select
        e.* exclude (is_corrected, is_in_span, is_coming, is_changed, is_now) replace (
            model.event_sequence(cast(as_of as timestamp), e.sequence_number) as sequence_number,
            cast(as_of as timestamp) as changed_at,
            'cancelled' as status
        ),
    from compared as e
    where not e.is_coming and e.is_now and e.is_in_span and e.status = 'confirmed'
    union all by name
    -- new or of another kind of notice since
    select
        c.* exclude (state),  -- noqa: RF02
        model.event_sequence(cast(as_of as timestamp), e.sequence_number) as sequence_number,
        cast(as_of as timestamp) as changed_at,
        'confirmed' as status,
    from coming as c
    left join compared as e
        on c.agreement_id = e.agreement_id and c.kind = e.kind and c.period_number = e.period_number
    where coalesce(e.is_changed, true)
)

select
    substr(sha256(concat_ws(chr(10), v.agreement_id, v.kind, v.period_number)), 1, 32)
    || '@ccinsight' as uid,
    v.status,
    v.sequence_number as sequence,
    v.changed_at,
    v.due_on,
    v.act_by,
    v.kind,
    v.agreement_id,
    v.customer_id,
    v.customer_name,
    v.account_manager,
    v.annual_value,
    v.price_notice_state,
    v.period_number,
from events as v
order by v.due_on, v.kind, v.agreement_id, v.period_number
