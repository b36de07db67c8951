-- One row per duty: what is open, and what a person closed in the last 90 days (R14). marks: what
-- persons said of duties. Without any the rows are those of model.open_duties.
with marked as (
    select
        model.duty_id(m.kind, m.agreement_id, m.customer_id, m.period_start) as duty_id,
        m.*,
    from (select unnest(marks, recursive := true)) as m
    where m.closed_on <= as_of
),

-- The newest mark of each duty that counts on the day.
newest as (
    select
        m.*,
        c.mark_id is not null as has_ceased,
    from marked as m
    left join model.ceased_duties(as_of, customer_ids, marks) as c on m.mark_id = c.mark_id
    qualify row_number() over (partition by m.duty_id order by m.mark_id desc) = 1
),

-- A mark without a period holds until the duty is another one: worth more, due later, or back after
-- it had ceased. A mark of what is no longer known as something to do holds.
judged as (
    select
        coalesce(k.duty_id, m.duty_id) as duty_id,
        coalesce(k.kind, m.kind) as kind,
        coalesce(k.last_day, m.last_day) as last_day,
        k.last_working_day,
        k.days_left,
        coalesce(k.agreement_id, m.agreement_id) as agreement_id,
        coalesce(k.customer_id, m.customer_id) as customer_id,
        k.customer_name,
        k.account_manager,
        coalesce(k.period_start, m.period_start) as period_start,
        k.value,
        k.last_day as known_day,
        k.detail,
        m.value as marked_value,
        m.state,
        m.closed_on,
        m.closed_by,
        m.note,
        k.relates_on,
        k.period_number,
        m.duty_id is null
        or (
            k.duty_id is not null
            and m.period_start is null
            and (
                coalesce(k.value > m.value, false)
                or coalesce(k.last_day > m.last_day, false)
                or m.has_ceased
            )
        ) as is_open,
    from model.open_duties(as_of, customer_ids) as k
    full join newest as m on k.duty_id = m.duty_id
)

select
    j.duty_id,
    j.kind,
    case when j.is_open then 'open' else j.state end as state,
    case when j.is_open then j.known_day else j.last_day end as last_day,
    case when j.is_open then j.last_working_day else w.working_day end as last_working_day,
    case when j.is_open then j.days_left end as days_left,
    j.agreement_id,
    coalesce(a.customer_id, j.customer_id) as customer_id,
    coalesce(j.customer_name, a.customer_name, c.customer_name) as customer_name,
    coalesce(j.account_manager, a.account_manager, c.account_manager) as account_manager,
    j.period_start,
    cast(
        case when j.is_open then j.value else coalesce(j.value, j.marked_value) end
        as decimal(18, 2)
    ) as value,
    j.detail,
    case when not j.is_open then j.closed_on end as closed_on,
    case when not j.is_open then j.closed_by end as closed_by,
    case when not j.is_open then j.note end as note,
    j.relates_on,
    -- n of R1, as in model.periods
    coalesce(
        j.period_number,
        model.years_since(a.anniversary_on, j.period_start)
        + case when a.is_aligned then 1 else 0 end
    ) as period_number,
from judged as j
left join model.calendar as w on j.last_day = w.day
left join model.agreement_terms as a on j.agreement_id = a.agreement_id
left join model.customers_on(as_of, customer_ids) as c
    on j.agreement_id is null and j.customer_id = c.customer_id
where
    j.is_open
    or (
        j.closed_on > as_of - 90
        and (
            customer_ids is null
            or coalesce(a.customer_id, j.customer_id) in (select unnest(customer_ids))
        )
    )
order by
    j.is_open desc,
    case when j.is_open then j.known_day end nulls last,
    case when not j.is_open then j.closed_on end desc,
    j.kind asc,
    j.agreement_id asc nulls last,
    j.customer_id asc nulls last,
    j.period_start asc
