-- One row per agreement in force whose next renewal falls within the months ahead (R13), with its
-- value weighted by how many agreements of the same user band went on at the ends of periods in the
-- three years before (of all customers; of all bands where the band has none).
with ended as (
    select e.user_band, count(*) as due, count(*) filter (where e.went_on) as went_on
    from model.ended_periods(as_of, null, 36) as e
    group by e.user_band
),

rates as (
    select e.user_band, cast(e.went_on as double) / e.due as renewal_rate from ended as e
),

overall as (
    select cast(sum(e.went_on) as double) / nullif(sum(e.due), 0) as renewal_rate from ended as e
)

select
    r.*,
    cast(r.value_next as double) * coalesce(h.renewal_rate, o.renewal_rate) as weighted_value,
from model.coming_renewals(as_of, customer_ids, months) as r
cross join overall as o
left join rates as h on r.user_band = h.user_band
