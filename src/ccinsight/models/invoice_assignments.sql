-- One row per yearly or expansion invoice line known on the as-of date: the agreement and period it belongs to (R7).
-- Both are empty where it belongs to none.
with lines as (
    select i.*
    from main.invoices as i
    where i.kind in ('yearly', 'expansion') and i.issued_on <= as_of
),

k as (
        select
            l2.invoice_line_id,
            a.agreement_id,
            l2.period_start >= a.subscribed_on and (a.ends_on is null or l2.period_start <= a.ends_on) as is_on_start,
            l2.issued_on >= a.subscribed_on and (a.ends_on is null or l2.issued_on <= a.ends_on) as is_on_issue,
        from lines as l2
        inner join model.known_agreements(as_of, customer_ids) as a on l2.customer_id = a.customer_id
        where l2.agreement_id is null
    ),

in_force as (
    select
        l.invoice_line_id,
        count(*) filter (where k.is_on_start) as on_start,
        min(k.agreement_id) filter (where k.is_on_start) as start_agreement_id,
        count(*) filter (where k.is_on_issue) as on_issue,
        min(k.agreement_id) filter (where k.is_on_issue) as issue_agreement_id,
    from lines as l
    inner join k on l.invoice_line_id = k.invoice_line_id
    group by l.invoice_line_id
),

named as (
    select
        l.*,
        case
            when l.agreement_id is not null then l.agreement_id
            when f.on_start = 1 then f.start_agreement_id
            when f.on_start > 1 then null
            when f.on_issue = 1 then f.issue_agreement_id
        end as assigned_id,
    from lines as l
    left join in_force as f on l.invoice_line_id = f.invoice_line_id
),

placed as (
    select
        n.*,
        a.agreement_id as known_id,
        a.subscribed_on,
        a.anniversary_on,
        coalesce(n.period_start, case when n.kind = 'yearly' then greatest(n.issued_on, a.subscribed_on) else n.issued_on end)
            as on_day,
    from named as n
    left join model.agreement_terms as a on n.assigned_id = a.agreement_id
),

bounded as (
    select
        p.*,
        model.period_start(p.subscribed_on, p.anniversary_on, model.years_since(p.anniversary_on, p.on_day)) as this_start,
        model.plus_years(p.anniversary_on, model.years_since(p.anniversary_on, p.on_day) + 1) as next_start,
    from placed as p
)

select
    b.invoice_line_id,
    b.customer_id,
    b.agreement_id as named_agreement_id,
    b.kind,
    b.issued_on,
    b.period_start as named_period_start,
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
