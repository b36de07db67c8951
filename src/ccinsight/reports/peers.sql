-- One row per customer with an agreement in force and measure: its own value against its user band,
-- whatever the filter (R11). Median and percentile of fewer customers than `fewest` are unknown.
with measures as (
    select v.number, v.measure
    from (
        values
        (1, 'tickets_per_user'),
        (2, 'hours_per_user'),
        (3, 'contact_rate'),
        (4, 'licence_use'),
        (5, 'training_share'),
        (6, 'consulting_share')
    ) as v (number, measure)
),

measured as (
    select
        u.customer_id,
        u.customer_name,
        u.user_band,
        m.number,
        m.measure,
        case m.measure
            when 'tickets_per_user' then u.tickets_per_user
            when 'hours_per_user' then u.minutes_per_user / 60
            when 'contact_rate' then u.contact_rate
            when 'licence_use' then u.licence_use
            when 'training_share' then u.training_share
            else u.consulting_share
        end as own_value,
    from model.band_use(as_of, customer_ids) as u
    cross join measures as m
),

compared as (
    select
        m.*,
        count(m.own_value) over (partition by m.user_band, m.measure) as known,
        count(*) over (partition by m.user_band, m.measure) as customers,
        median(m.own_value) over (partition by m.user_band, m.measure) as median_value,
        case
            when m.own_value is not null
                then percent_rank() over (
                    partition by m.user_band, m.measure, m.own_value is null order by m.own_value
                )
        end as percentile,
    from measured as m
)

select
    c.customer_id,
    c.customer_name,
    c.user_band,
    c.measure,
    c.own_value,
    case when c.known >= fewest then c.median_value end as median_value,
    case when c.known >= fewest then c.percentile end as percentile,
    c.known,
    c.customers,
from compared as c
where customer_ids is null or c.customer_id in (select unnest(customer_ids))
order by c.customer_id, c.number
