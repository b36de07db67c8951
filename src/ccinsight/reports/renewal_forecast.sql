-- One row per renewal month ahead: what is certain, open and ending, and the open part weighted by
-- how many agreements of the same user band went on at the ends of periods in the three years
-- before (of all customers; of all bands where the band has none).
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
),

weighted as (
    select
        cast(date_trunc('month', r.renewal_on) as date) as first_day,
        r.renewal_status,
        r.value_now,
        r.value_next,
        coalesce(h.renewal_rate, o.renewal_rate) as renewal_rate,
    from model.coming_renewals(as_of, customer_ids, months) as r
    cross join overall as o
    left join rates as h on r.user_band = h.user_band
)

select
    w.first_day as month,
    count(*) as agreements,
    model.known_sum(
        sum(w.value_next) filter (where w.renewal_status = 'will_renew'),
        count(*) filter (where w.renewal_status = 'will_renew')
    ) as certain_value,
    model.known_sum(
        sum(w.value_next) filter (where w.renewal_status = 'open'),
        count(*) filter (where w.renewal_status = 'open')
    ) as open_value,
    model.known_sum(
        sum(cast(w.value_next as double) * w.renewal_rate) filter (where w.renewal_status = 'open'),
        count(*) filter (where w.renewal_status = 'open')
    ) as open_weighted,
    model.known_sum(
        sum(w.value_now) filter (where w.renewal_status = 'ending'),
        count(*) filter (where w.renewal_status = 'ending')
    ) as ending_value,
    count(*) filter (
        where case when w.renewal_status = 'ending' then w.value_now else w.value_next end is null
    ) as value_unknown,
from weighted as w
group by w.first_day
order by w.first_day
