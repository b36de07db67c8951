-- One row per agreement and period (R1) that overlaps the span from first_day to last_day, with its
-- deadlines (R2, R3) and the agreement's state on the as-of date (R4). An agreement that ended
-- before the span gives its last period, one that begins after it gives its first.
with spans as (
    select
        k.*,
        greatest(k.subscribed_on, least(first_day, coalesce(k.ends_on, first_day))) as first_on,
        greatest(k.subscribed_on, least(last_day, coalesce(k.ends_on, last_day))) as last_on,
    from model.known_agreements(as_of, customer_ids) as k
),

numbered as (
    select
        s.* exclude (first_on, last_on),
        unnest(
            range(
                model.years_since(s.anniversary_on, s.first_on),
                model.years_since(s.anniversary_on, s.last_on) + 1
            )
        ) as years,
    from spans as s
),

dated as (
    select
        n.*,
        model.period_start(n.subscribed_on, n.anniversary_on, n.years) as period_start,
        model.plus_years(n.anniversary_on, n.years + 1) as renewal_on,
    from numbered as n
)

select
    d.* exclude (years),
    case
        when d.ends_on < as_of then 'ended'
        when as_of < d.subscribed_on then 'upcoming'
        when d.ends_on is not null then 'terminating'
        else 'active'
    end as state,
    as_of >= d.subscribed_on and (d.ends_on is null or as_of <= d.ends_on) as is_in_force,
    d.years + case when d.is_aligned then 1 else 0 end as period_number,
    d.years < 0 as is_short,
    d.renewal_on - 1 as period_end,
    model.termination_deadline(d.renewal_on - 1, d.notice_months) as termination_deadline,
    model.price_notice_deadline(d.renewal_on - 1, d.notice_months, d.price_notice_days)
        as price_notice_deadline,
    -- the last day on which a new price still reaches this period (R6)
    model.announce_by(d.subscribed_on, d.period_start, d.notice_months, d.price_notice_days)
        as announce_by,
from dated as d
