-- One row per agreement and period whose last day fell within the months up to the as-of date: did
-- the agreement go on (R9), or does a successor follow it (R13). The period of an agreement that is
-- gone from its list ended with it. The band is that of the users invoiced on that day.
with lasting as (
    select
        p.agreement_id,
        p.customer_id,
        least(p.period_end, p.ends_on) as period_end,
        p.ends_on is null or p.ends_on > p.period_end as went_on,
    from model.periods(as_of, customer_ids, cast(as_of - to_months(months) as date), as_of) as p
    where p.ends_on is null or p.ends_on >= p.period_start
),

ended as (
    select
        p.agreement_id,
        p.customer_id,
        p.period_end,
        p.went_on or f.successor_id is not null as went_on,
        s.invoiced_users as users,
        s.invoiced_users * s.rate as value_due,
    from lasting as p
    inner join model.agreement_states as s
        on p.agreement_id = s.agreement_id
        and p.period_end >= s.known_from
        and p.period_end < s.known_until
    left join model.successors as f on p.agreement_id = f.agreement_id
    where p.period_end > cast(as_of - to_months(months) as date) and p.period_end <= as_of
)

select
    e.*,
    coalesce(b.user_band, 'unknown') as user_band,
from ended as e
left join stored.user_bands as b
    on e.users >= b.from_users and e.users <= coalesce(b.to_users, model.no_limit())
