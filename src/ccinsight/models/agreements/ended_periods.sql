-- One row per agreement and period whose last day fell within the months up to the as-of date: did
-- the agreement go on (R9), or does a successor follow it (R13). The period of an agreement that is
-- gone from its list ended with it. The band is that of the users invoiced on that day.
with known_terms as (
    select
        t.agreement_id,
        t.customer_id,
        t.subscribed_on,
        t.anniversary_on,
        model.known_end(as_of, t.notice_on, t.noticed_end, t.gone_on) as ends_on,
    from model.agreement_terms as t
    where
        t.subscribed_on <= as_of
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
),

numbered as (
    select
        k.agreement_id,
        k.customer_id,
        k.subscribed_on,
        k.anniversary_on,
        k.ends_on,
        unnest(
            range(
                model.years_since(
                    k.anniversary_on,
                    greatest(k.subscribed_on, cast(as_of - to_months(months) as date))
                ),
                model.years_since(k.anniversary_on, as_of) + 1
            )
        ) as years,
    from known_terms as k
    where k.ends_on is null or k.ends_on > cast(as_of - to_months(months) as date)
),

dated as (
    select
        n.agreement_id,
        n.customer_id,
        n.ends_on,
        model.period_start(n.subscribed_on, n.anniversary_on, n.years) as period_start,
        model.plus_years(n.anniversary_on, n.years + 1) - 1 as period_end,
    from numbered as n
),

lasting as (
    select
        d.agreement_id,
        d.customer_id,
        least(d.period_end, d.ends_on) as period_end,
        d.ends_on is null or d.ends_on > d.period_end as went_on,
    from dated as d
    where d.ends_on is null or d.ends_on >= d.period_start
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
