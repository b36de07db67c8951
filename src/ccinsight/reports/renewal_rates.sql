-- One row per user band: of the periods that ended in the months up to the as-of date, how many and
-- how much went on (R9).
with bands as (
    select b.user_band, b.from_users from stored.user_bands as b
    union all
    select 'unknown' as user_band, model.no_limit() as from_users
)

select
    b.user_band,
    count(e.agreement_id) as due,
    count(e.agreement_id) filter (where e.went_on) as renewed,
    cast(count(e.agreement_id) filter (where e.went_on) as double)
    / nullif(count(e.agreement_id), 0) as renewal_rate,
    case
        when count(e.agreement_id) = 0 then cast(0 as decimal(18, 2))
        else model.ore(sum(e.value_due))
    end as value_due,
    case
        when count(e.agreement_id) = 0 then cast(0 as decimal(18, 2))
        when count(e.value_due) > 0
            then model.ore(coalesce(sum(e.value_due) filter (where e.went_on), 0))
    end as value_renewed,
    cast(sum(e.value_due) filter (where e.went_on) as double)
    / nullif(cast(sum(e.value_due) as double), 0)
        as value_renewal_rate,
from bands as b
left join model.ended_periods(as_of, customer_ids, months) as e on b.user_band = e.user_band
group by b.user_band, b.from_users
having b.user_band <> 'unknown' or count(e.agreement_id) > 0
order by b.from_users
