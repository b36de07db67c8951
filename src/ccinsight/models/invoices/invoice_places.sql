-- One row per yearly or expansion invoice line and span of as-of dates on which it belongs to the
-- same agreement and period by its own dates (R7): one span, or more where it names no agreement.
-- Both are null where it belongs to none, the period alone where it lies before the agreement.
with lines as (
    select i.* from main.invoices as i
    where i.kind in ('yearly', 'expansion')
),

days as (
    select l.invoice_line_id, l.issued_on as on_day from lines as l
    union
    select l.invoice_line_id, t.notice_on as on_day
    from lines as l
    inner join model.agreement_terms as t on l.customer_id = t.customer_id
    where l.agreement_id is null and t.notice_on > l.issued_on and l.period_start > t.noticed_end
    union
    select l.invoice_line_id, t.gone_on as on_day
    from lines as l
    inner join model.agreement_terms as t on l.customer_id = t.customer_id
    where l.agreement_id is null and t.gone_on > l.issued_on and l.period_start >= t.gone_on
),

spans as (
    select
        l.*,
        d.on_day as known_from,
        lead(d.on_day, 1, model.no_end()) over line as known_until,
    from days as d
    inner join lines as l on d.invoice_line_id = l.invoice_line_id
    window line as (partition by d.invoice_line_id order by d.on_day)
),

fits as (
    select
        s.invoice_line_id,
        s.known_from,
        t.agreement_id,
        s.period_start >= t.subscribed_on
        and s.period_start <= model.held_until(s.known_from, t.notice_on, t.noticed_end, t.gone_on)
            as is_on_start,
        s.issued_on >= t.subscribed_on
        and s.issued_on <= model.held_until(s.known_from, t.notice_on, t.noticed_end, t.gone_on)
            as is_on_issue,
    from spans as s
    inner join model.agreement_terms as t on s.customer_id = t.customer_id
    where s.agreement_id is null
),

in_force as (
    select
        f.invoice_line_id,
        f.known_from,
        count(*) filter (where f.is_on_start) as on_start,
        min(f.agreement_id) filter (where f.is_on_start) as start_agreement_id,
        count(*) filter (where f.is_on_issue) as on_issue,
        min(f.agreement_id) filter (where f.is_on_issue) as issue_agreement_id,
    from fits as f
    group by f.invoice_line_id, f.known_from
),

named as (
    select
        s.*,
        case
            when s.agreement_id is not null then s.agreement_id
            when f.on_start > 0 then case when f.on_start = 1 then f.start_agreement_id end
            when f.on_issue = 1 then f.issue_agreement_id
        end as assigned_id,
    from spans as s
    left join in_force as f on s.invoice_line_id = f.invoice_line_id and s.known_from = f.known_from
),

placed as (
    select
        n.*,
        a.agreement_id as known_id,
        a.subscribed_on,
        a.anniversary_on,
        case
            when n.period_start is not null then n.period_start
            when n.kind = 'yearly' then greatest(n.issued_on, a.subscribed_on)
            else n.issued_on
        end as on_day,
    from named as n
    left join model.agreement_terms as a on n.assigned_id = a.agreement_id
),

bounded as (
    select
        p.*,
        model.period_start(
            p.subscribed_on, p.anniversary_on, model.years_since(p.anniversary_on, p.on_day)
        ) as this_start,
        model.plus_years(p.anniversary_on, model.years_since(p.anniversary_on, p.on_day) + 1)
            as next_start,
    from placed as p
)

select
    b.invoice_line_id,
    b.known_from,
    b.known_until,
    b.customer_id,
    b.agreement_id as named_agreement_id,
    b.kind,
    b.issued_on,
    b.period_start as named_period_start,
    b.quantity,
    b.unit_price,
    b.amount,
    b.known_id as agreement_id,
    case
        when b.known_id is null or b.on_day < b.subscribed_on then null
        when
            b.kind = 'yearly' and b.period_start is null
            and b.next_start - b.issued_on < b.issued_on - b.this_start
            then b.next_start
        else b.this_start
    end as period_start,
from bounded as b
