-- One row per agreement, period since first_day and kind: what should have been invoiced and what
-- was (R7). A period after the agreement's end is a row where something was invoiced for it:
-- nothing is expected then.
-- first_raised_on is the day of the first count that an expansion bills.
with lines as (
    select l.* from model.expected_invoice_lines(as_of, customer_ids, first_day) as l
),

-- Asked once: each reading groups all invoice lines.
invoiced as (
    select i.* from model.invoiced_sums(as_of) as i
),

periods as (
    select l.* from lines as l
    where l.kind = 'yearly'
),

expansions as (
    select
        l.agreement_id,
        l.period_start,
        sum(l.users) as users_added,
        min(l.counted_on) as first_raised_on,
        sum(l.expected) as expected,
    from lines as l
    where l.kind = 'expansion'
    group by l.agreement_id, l.period_start
),

kinds as (
    select unnest(['yearly', 'expansion']) as kind
),

due as (
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.period_start,
        k.kind,
        case
            when k.kind = 'yearly' then p.users
            when p.users is not null then coalesce(e.users_added, 0)
        end as users,
        p.rate,
        case when k.kind = 'expansion' then e.first_raised_on end as first_raised_on,
        case
            when k.kind = 'yearly' then p.expected
            when p.users is null then null
            when e.users_added is null then cast(0 as decimal(18, 2))
            else model.ore(e.expected)
        end as expected,
        i.amount,
    from periods as p
    cross join kinds as k
    left join expansions as e on p.agreement_id = e.agreement_id and p.period_start = e.period_start
    left join invoiced as i
        on p.agreement_id = i.agreement_id and p.period_start = i.period_start and k.kind = i.kind
    where k.kind = 'yearly' or e.users_added > 0 or i.lines > 0
),

after_end as (
    select
        k.agreement_id,
        k.customer_id,
        k.customer_name,
        k.account_manager,
        i.period_start,
        i.kind,
        cast(0 as integer) as users,
        cast(null as decimal(18, 4)) as rate,
        cast(null as date) as first_raised_on,
        cast(0 as decimal(18, 2)) as expected,
        i.amount,
    from model.known_agreements(as_of, customer_ids) as k
    inner join invoiced as i
        on k.agreement_id = i.agreement_id and k.ends_on < i.period_start
    where i.period_start >= first_day and i.period_start <= as_of
),

rows_shown as (
    select d.*, false as is_after_end from due as d
    union all
    select a.*, true as is_after_end from after_end as a
)

select
    r.agreement_id,
    r.customer_id,
    r.period_start,
    r.kind,
    r.expected,
    case when e.has_invoices then model.ore(coalesce(r.amount, 0)) end as invoiced,
    r.expected - case when e.has_invoices then model.ore(coalesce(r.amount, 0)) end as difference,
    r.customer_name,
    r.account_manager,
    cast(r.users as bigint) as users,
    cast(r.rate as decimal(18, 2)) as rate,
    r.is_after_end,
    r.first_raised_on,
from rows_shown as r
inner join model.export_facts as e on model.is_of_partner(r.customer_id, e.partner)
