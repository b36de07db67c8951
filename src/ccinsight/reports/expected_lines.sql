-- One row per invoice line to be expected, with the count it follows from: the lines behind each amount of invoicing (R7).
with periods as (
    select b.*
    from model.begun_periods(as_of, customer_ids, coalesce(since, model.year_before(as_of))) as b
),

lines as (
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.period_start,
        p.period_end,
        'yearly' as kind,
        p.period_start as from_on,
        c.counted_on,
        cast(0 as integer) as users_before,
        p.users_on_start as users_after,
        p.users_on_start as users,
        case when p.is_short then model.started_months(p.period_start, p.renewal_on) else 12 end as months_billed,
        p.rate,
        p.price_source,
        p.price_version
    from periods as p
    left join model.user_spans as c
        on p.customer_id = c.customer_id and p.period_start >= c.counted_on and p.period_start < c.next_counted_on
    union all
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.period_start,
        p.period_end,
        'expansion' as kind,
        b.counted_on as from_on,
        b.counted_on,
        b.billed_before as users_before,
        b.billed_users as users_after,
        b.billed_users - b.billed_before as users,
        model.started_months(b.counted_on, b.renewal_on) as months_billed,
        p.rate,
        p.price_source,
        p.price_version
    from periods as p
    inner join model.billed_steps as b on p.agreement_id = b.agreement_id and p.period_start = b.period_start
    where b.counted_on <= as_of and b.billed_users > b.billed_before
)

select
    l.agreement_id,
    l.customer_id,
    l.customer_name,
    l.account_manager,
    l.period_start,
    l.kind,
    l.from_on,
    l.counted_on,
    l.users_before,
    l.users_after,
    l.users,
    cast(l.months_billed as integer) as months_billed,
    cast(l.rate as decimal(18, 2)) as rate,
    case
        when l.months_billed = 12 then model.ore(l.users * l.rate)
        else model.ore_part(l.users * l.months_billed * l.rate, 12)
    end as expected,
    l.price_source,
    l.price_version
from lines as l
order by l.agreement_id, l.period_start, l.from_on, l.kind desc
