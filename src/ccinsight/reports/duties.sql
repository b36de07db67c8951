-- One row per duty: what is open, and what a person closed in the last 90 days (R14). marks: what
-- persons said of duties.
with known as materialized (
    select d.* from model.known_duties(as_of, customer_ids) as d
),

-- The newest mark of each duty that counts on the day.
marked as materialized (
    select
        model.duty_id(m.kind, m.agreement_id, m.customer_id, m.period_start) as duty_id,
        m.*,
    from (select unnest(marks, recursive := true)) as m
    where m.closed_on <= as_of
    qualify row_number() over (
        partition by model.duty_id(m.kind, m.agreement_id, m.customer_id, m.period_start)
        order by m.mark_id desc
    ) = 1
),

-- A mark without a period holds until the duty is another one: worth more, due later, or back after
-- it had ceased.
held as materialized (
    select m.*
    from marked as m
    left join known as k on m.duty_id = k.duty_id
    where
        k.duty_id is null
        or m.period_start is not null
        or not (
            coalesce(k.value > m.value, false)
            or coalesce(k.last_day > m.last_day, false)
            or m.mark_id in (
                select c.mark_id from model.ceased_duties(as_of, customer_ids, marks) as c
            )
        )
),

-- What was closed and is no longer known as something to do is shown as it was when it was closed.
closed as (
    select
        h.duty_id,
        h.kind,
        h.state,
        coalesce(k.last_day, h.last_day) as last_day,
        h.agreement_id,
        coalesce(a.customer_id, h.customer_id) as customer_id,
        coalesce(a.customer_name, c.customer_name) as customer_name,
        coalesce(a.account_manager, c.account_manager) as account_manager,
        h.period_start,
        coalesce(k.value, h.value) as value,
        k.detail,
        h.closed_on,
        h.closed_by,
        h.note,
        k.relates_on,
    from held as h
    left join known as k on h.duty_id = k.duty_id
    left join model.agreement_terms as a on h.agreement_id = a.agreement_id
    left join model.customers_on(as_of, customer_ids) as c
        on h.agreement_id is null and h.customer_id = c.customer_id
    where
        h.closed_on > as_of - 90
        and (
            customer_ids is null
            or coalesce(a.customer_id, h.customer_id) in (select unnest(customer_ids))
        )
),

duties as (
    select k.*, 'open' as state
    from known as k
    where k.duty_id not in (select h.duty_id from held as h)
    union all by name
    select c.* from closed as c
)

select
    d.duty_id,
    d.kind,
    d.state,
    d.last_day,
    w.working_day as last_working_day,
    case when d.state = 'open' then date_diff('day', as_of, d.last_day) end as days_left,
    d.agreement_id,
    d.customer_id,
    d.customer_name,
    d.account_manager,
    d.period_start,
    cast(d.value as decimal(18, 2)) as value,
    d.detail,
    d.closed_on,
    d.closed_by,
    d.note,
    d.relates_on,
    -- n of R1, as in model.periods
    model.years_since(t.anniversary_on, d.period_start)
    + case when t.is_aligned then 1 else 0 end as period_number,
from duties as d
left join model.calendar as w on d.last_day = w.day
left join model.agreement_terms as t on d.agreement_id = t.agreement_id
order by
    d.state <> 'open',
    case when d.state = 'open' then d.last_day end nulls last,
    d.closed_on desc,
    d.kind asc,
    d.agreement_id asc nulls last,
    d.customer_id asc nulls last,
    d.period_start asc
