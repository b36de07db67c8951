-- One row per agreement and period up to one from which on all are billed alike: the yearly invoice
-- to be expected (R7). The last, where the agreement has no end, is repeated each year: no count,
-- no price and no invoice line is of a later one.
with last_periods as (
    select p.agreement_id, max(p.period_from) as last_on
    from model.period_starts as p
    group by p.agreement_id
),

last_invoiced as (
    select i.agreement_id, max(i.period_start) as last_on
    from model.invoice_states as i
    group by i.agreement_id
),

reached as (
    select
        t.agreement_id,
        t.subscribed_on,
        t.anniversary_on,
        t.ends_on,
        model.years_since(t.anniversary_on, greatest(p.last_on, i.last_on)) + 1 as last_years,
    from model.agreement_terms as t
    inner join last_periods as p on t.agreement_id = p.agreement_id
    left join last_invoiced as i on t.agreement_id = i.agreement_id
),

numbered as (
    select
        r.*,
        unnest(
            range(
                cast(model.years_since(r.anniversary_on, r.subscribed_on) as bigint),
                r.last_years + 1
            )
        ) as years,
    from reached as r
),

dated as (
    select
        n.*,
        model.period_start(n.subscribed_on, n.anniversary_on, n.years) as period_start,
        model.plus_years(n.anniversary_on, n.years + 1) as renewal_on,
    from numbered as n
)

select
    d.agreement_id,
    d.period_start,
    d.years = d.last_years as is_repeated,
    s.users_on_start as users,
    s.rate,
    model.line_amount(
        s.users_on_start,
        model.months_billed(d.years < 0, d.period_start, d.renewal_on),
        s.rate
    ) as expected,
from dated as d
inner join model.agreement_states as s
    on d.agreement_id = s.agreement_id
    and s.begins_period
    and model.is_within(d.period_start, s.known_from, s.known_until)
where d.ends_on is null or d.period_start <= d.ends_on
