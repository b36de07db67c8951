-- One row per renewal month ahead: what is certain, open and ending, and the open part weighted by
-- how many agreements of the same user band went on at the ends of periods in the three years
-- before (of all customers; of all bands where the band has none).
with weighted as (
    select cast(date_trunc('month', w.renewal_on) as date) as first_day, w.*
    from model.weighted_renewals(as_of, customer_ids, months) as w
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
        cast(
            sum(w.weighted_value) filter (where w.renewal_status = 'open') as decimal(38, 10)
        ),
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
