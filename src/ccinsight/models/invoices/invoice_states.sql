-- One row per yearly or expansion invoice line and span of as-of dates on which it belongs to the
-- same agreement and period (R7), from the day it was issued. Both are empty where it belongs to
-- none; the period alone where it lies before the agreement began. A credit without a period
-- follows the line that it credits, and that line's spans.
with credits as (
    select p.*
    from model.invoice_places as p
    where p.amount < 0 and p.named_period_start is null and p.agreement_id is not null
),

-- The lines that a credit may credit: of the same agreement and kind, issued on or before it, of at
-- least its amount.
credited_lines as (
    select
        c.invoice_line_id,
        c.known_from as credit_known_from,
        c.known_until as credit_known_until,
        l.issued_on,
        l.period_start,
        greatest(c.known_from, l.known_from) as known_from,
        least(c.known_until, l.known_until) as known_until,
    from credits as c
    inner join model.invoice_places as l
        on c.agreement_id = l.agreement_id
        and c.kind = l.kind
        and c.issued_on >= l.issued_on
        and l.amount >= -c.amount
        and c.known_from < l.known_until
        and c.known_until > l.known_from
),

credit_days as (
    select c.invoice_line_id, c.known_from, c.known_until, c.known_from as on_day
    from credits as c
    union
    select
        l.invoice_line_id,
        l.credit_known_from as known_from,
        l.credit_known_until as known_until,
        l.known_from as on_day,
    from credited_lines as l
    union
    select
        l.invoice_line_id,
        l.credit_known_from as known_from,
        l.credit_known_until as known_until,
        l.known_until as on_day,
    from credited_lines as l
    where l.known_until < l.credit_known_until
),

credit_spans as (
    select
        d.invoice_line_id,
        d.known_from as credit_known_from,
        d.on_day as known_from,
        lead(d.on_day, 1, d.known_until) over (
            partition by d.invoice_line_id, d.known_from order by d.on_day
        ) as known_until,
    from credit_days as d
),

-- The newest of those lines; of several of one day the one of the latest period.
placed_credits as (
    select
        s.invoice_line_id,
        s.credit_known_from,
        s.known_from,
        s.known_until,
        count(l.invoice_line_id) > 0 as has_credited_line,
        max_by(l.period_start, row(l.issued_on, coalesce(l.period_start, model.no_start())))
            as period_start,
    from credit_spans as s
    left join credited_lines as l
        on s.invoice_line_id = l.invoice_line_id
        and s.credit_known_from = l.credit_known_from
        and s.known_from >= l.known_from
        and s.known_from < l.known_until
    group by s.invoice_line_id, s.credit_known_from, s.known_from, s.known_until
)

select
    p.* exclude (known_from, known_until, period_start),
    coalesce(c.known_from, p.known_from) as known_from,
    coalesce(c.known_until, p.known_until) as known_until,
    case when c.has_credited_line then c.period_start else p.period_start end as period_start,
from model.invoice_places as p
left join placed_credits as c
    on p.invoice_line_id = c.invoice_line_id and p.known_from = c.credit_known_from
