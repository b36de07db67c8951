-- One row per price row that an import changed after periods had begun at what it said before (R6),
-- with those periods.
with used_prices as (
    select
        c.* exclude (agreement_id, period_start),
        count(*) as periods,
        list(
            c.agreement_id || ' ' || c.period_start
            order by c.period_start desc, c.agreement_id asc
        ) as period_names,
    from model.changed_price_periods as c
    where c.period_start <= as_of
    group by all
)

select
    'price_changed_later' as check_name,
    'prices' as export,
    concat_ws(
        ', ',
        case when u.price_source = 'direct' then u.price_owner end,
        u.product,
        cast(u.valid_from as varchar),
        u.complexity,
        cast(u.min_users as varchar)
    )
        as key,
    u.customer_id,
    u.change || ': '
    || array_to_string(u.period_names[:20], ', ')
    || case when u.periods > 20 then ', …' else '' end as detail,
    1 as rows,
from used_prices as u
