-- One row per agreement, period, kind and span of as-of dates on which the same is expected and
-- invoiced (R7). A period after the agreement's end is a row while something is invoiced for it:
-- nothing is expected then. first_raised_on is the day of the first count that an expansion bills.
-- A row that is repeated stands for the same period of each later year too.
with periods as (
    select p.* from model.billing_periods as p
),

changes as (
    select p.agreement_id, p.period_start, 'yearly' as kind, p.period_start as on_day
    from periods as p
    union all by name
    select
        b.agreement_id,
        b.period_start,
        'expansion' as kind,
        b.counted_on as on_day,
        b.counted_on,
        b.billed_users - b.billed_before as users,
        model.line_amount(
            b.billed_users - b.billed_before,
            model.started_months(b.counted_on, b.renewal_on),
            p.rate
        ) as expected,
    from model.billed_steps as b
    inner join periods as p
        on b.agreement_id = p.agreement_id and b.period_start = p.period_start
    where b.billed_users > b.billed_before
    union all by name
    select
        i.agreement_id,
        i.period_start,
        i.kind,
        greatest(i.known_from, i.period_start) as on_day,
        1 as lines,
        i.amount,
    from model.invoice_states as i
    where i.period_start is not null
    union all by name
    select
        i.agreement_id,
        i.period_start,
        i.kind,
        greatest(i.known_until, i.period_start) as on_day,
        -1 as lines,
        -i.amount as amount,
    from model.invoice_states as i
    where i.period_start is not null and i.known_until < model.no_end()
),

days as (
    select
        c.agreement_id,
        c.period_start,
        c.kind,
        c.on_day,
        min(c.counted_on) as counted_on,
        sum(c.users) as users,
        sum(c.expected) as expected,
        sum(c.lines) as lines,
        sum(c.amount) as amount,
    from changes as c
    group by c.agreement_id, c.period_start, c.kind, c.on_day
),

spans as (
    select
        d.agreement_id,
        d.period_start,
        d.kind,
        d.on_day as known_from,
        lead(d.on_day, 1, model.no_end()) over period as known_until,
        min(d.counted_on) over period as first_raised_on,
        sum(d.users) over period as users_added,
        sum(d.expected) over period as expected_added,
        sum(d.lines) over period as lines,
        sum(d.amount) over period as amount,
    from days as d
    window period as (
        partition by d.agreement_id, d.period_start, d.kind order by d.on_day
    )
)

select
    s.agreement_id,
    s.period_start,
    model.years_since(t.anniversary_on, s.period_start) as years,
    s.kind,
    s.known_from,
    s.known_until,
    coalesce(p.is_repeated, false) as is_repeated,
    p.agreement_id is null as is_after_end,
    cast(
        case
            when p.agreement_id is null then 0
            when s.kind = 'yearly' then p.users
            when p.users is not null then coalesce(s.users_added, 0)
        end as bigint
    ) as users,
    cast(p.rate as decimal(18, 2)) as rate,
    s.first_raised_on,
    cast(
        case
            when p.agreement_id is null then 0
            when s.kind = 'yearly' then p.expected
            when p.users is null then null
            when s.users_added is null then 0
            else model.ore(s.expected_added)
        end as decimal(18, 2)
    ) as expected,
    case when t.has_invoices then model.ore(coalesce(s.amount, 0)) end as invoiced,
from spans as s
inner join model.agreement_terms as t on s.agreement_id = t.agreement_id
left join periods as p on s.agreement_id = p.agreement_id and s.period_start = p.period_start
where
    s.lines > 0
    and (p.agreement_id is not null or s.period_start > t.ends_on)
    or s.kind = 'yearly' and p.agreement_id is not null
    or s.users_added > 0 and p.agreement_id is not null
