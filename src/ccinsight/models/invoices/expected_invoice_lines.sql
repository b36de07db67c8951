-- One row per agreement, period since first_day and invoice line to be expected: the yearly one and
-- an expansion for each count that raises the users billed (R7). users, rate and expected are
-- unknown where the users or the price are. counted_on: the day of the count, of an expansion.
with periods as (
    select b.* from model.begun_periods(as_of, customer_ids, first_day) as b
),

lines as (
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.period_start,
        'yearly' as kind,
        p.period_start as from_on,
        cast(null as date) as counted_on,
        cast(0 as integer) as users_before,
        p.users_on_start as users_after,
        p.users_on_start as users,
        model.months_billed(p.is_short, p.period_start, p.renewal_on) as months_billed,
        p.rate,
        p.price_source,
        p.price_version,
    from periods as p
    union all
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.period_start,
        'expansion' as kind,
        b.counted_on as from_on,
        b.counted_on,
        b.billed_before as users_before,
        b.billed_users as users_after,
        b.billed_users - b.billed_before as users,
        model.started_months(b.counted_on, b.renewal_on) as months_billed,
        p.rate,
        p.price_source,
        p.price_version,
    from periods as p
    inner join model.billed_steps as b
        on p.agreement_id = b.agreement_id and p.period_start = b.period_start
    where b.counted_on <= as_of and b.billed_users > b.billed_before
)

select
    l.*,
    model.line_amount(l.users, l.months_billed, l.rate) as expected,
from lines as l
