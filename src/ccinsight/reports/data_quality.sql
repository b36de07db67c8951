-- One row per check and export it found something in; a check that found nothing has one row with
-- 0.
with checks as (
    select unnest([
        'agreements_missing',
        'rate_unknown',
        'users_unknown',
        'notice_before_start',
        'first_renewal_out_of_range',
        'two_of_one_product',
        'customer_unknown',
        'agreement_unknown',
        'category_unmapped',
        'value_unknown',
        'invoice_unassigned',
        'invoice_outside',
        'duplicate_key',
        'price_far_from_list',
        'price_changed_later',
        'rejected_rows',
        'stale_tickets',
        'gone_from_list',
        'status_contradicts', 'automatic_replies', 'contacts_above_users'
    ]) as check_name,
),

found as (
    select
        p.check_name,
        case
            when p.check_name = 'value_unknown' then split_part(p.key, ': ', 1)
            else p.export
        end as of_what,
        sum(p.rows) as rows,
        arg_min(p.key, row(-p.rows, p.key)) as example,
        -- Categories and automatic replies are counted over the tickets of the customers asked for.
        sum(p.rows) filter (
            where p.customer_id is null
            and p.check_name not in ('category_unmapped', 'automatic_replies')
        ) as common_rows,
    from model.problems(as_of, customer_ids) as p
    where
        customer_ids is null
        or p.customer_id is null
        or p.customer_id in (select unnest(customer_ids))
    group by p.check_name, of_what
)

select
    c.check_name as "check",
    cast(coalesce(f.rows, 0) as bigint) as rows,
    f.example,
    f.of_what as export,
    cast(coalesce(f.common_rows, 0) as bigint) as common_rows,
from checks as c
left join found as f on c.check_name = f.check_name
order by c.check_name asc, f.rows desc, f.of_what asc
