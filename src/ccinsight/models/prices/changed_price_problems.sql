-- One row per price row that an import changed after periods had begun at what it said before (R6),
-- with those periods.
with begun_periods as (
    select b.*
    from model.begun_periods(as_of, null, date '1900-01-01') as b
    where b.price_source in ('list', 'direct')
),

used_prices as (
    select
        c.product,
        c.agreement_id,
        c.valid_from,
        c.complexity,
        c.min_users,
        c.price_before,
        c.price_per_user,
        c.announced_before,
        c.announced_on,
        any_value(case when c.agreement_id is not null then b.customer_id end) as customer_id,
        count(*) as periods,
        list(
            b.agreement_id || ' ' || b.period_start
            order by b.period_start desc, b.agreement_id asc
        ) as period_names,
    from model.changed_prices as c
    inner join begun_periods as b
        on c.price_source = b.price_source
        and c.price_owner
        = case when b.price_source = 'direct' then b.agreement_id else b.product end
        and c.valid_from = b.price_version
        and c.complexity = b.complexity
        and c.changed_on >= b.period_start
        and c.min_users = b.step_users
    group by all
)

select
    'price_changed_later' as check_name,
    'prices' as export,
    concat_ws(
        ', ',
        u.agreement_id,
        u.product,
        cast(u.valid_from as varchar),
        u.complexity,
        cast(u.min_users as varchar)
    )
        as key,
    u.customer_id,
    concat_ws(
        ', ',
        case
            when u.price_before <> u.price_per_user
                then model.ore(u.price_before) || ' → ' || model.ore(u.price_per_user)
        end,
        case
            when u.announced_before is distinct from u.announced_on
                then
                    coalesce(cast(u.announced_before as varchar), '–')
                    || ' → ' || coalesce(cast(u.announced_on as varchar), '–')
        end
    )
    || ': '
    || array_to_string(u.period_names[:20], ', ')
    || case when u.periods > 20 then ', …' else '' end as detail,
    1 as rows,
from used_prices as u
