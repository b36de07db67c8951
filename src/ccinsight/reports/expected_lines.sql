-- One row per invoice line to be expected, with the count it follows from: the lines behind each
-- amount of invoicing (R7).
select
    l.agreement_id,
    l.customer_id,
    l.customer_name,
    l.account_manager,
    l.period_start,
    l.kind,
    l.from_on,
    coalesce(l.counted_on, u.counted_on) as counted_on,
    l.users_before,
    l.users_after,
    l.users,
    cast(l.months_billed as integer) as months_billed,
    cast(l.rate as decimal(18, 2)) as rate,
    l.expected,
    l.price_source,
    l.price_version,
from
    model.expected_invoice_lines(
        as_of, customer_ids, coalesce(since, model.year_before(as_of))
    ) as l
left join model.user_spans as u
    on l.kind = 'yearly'
    and l.customer_id = u.customer_id
    and model.is_within(l.period_start, u.counted_on, u.next_counted_on)
order by l.agreement_id asc, l.period_start asc, l.from_on asc, l.kind desc
