-- One row per agreement and period (R1) from its first to one from which on all are alike: every
-- count and every price that is known holds, and none was announced too late. The last stands for
-- all that follow: it has no end.
with counted as (
    select u.customer_id, max(u.counted_on) as last_counted_on
    from model.user_spans as u
    group by u.customer_id
),

announced as (
    select r.agreement_id, max(r.reaches_from) as last_reached_from
    from model.price_reach as r
    group by r.agreement_id
),

years as (
    select
        terms.agreement_id,
        terms.subscribed_on,
        terms.anniversary_on,
        unnest(
            range(
                cast(model.years_since(terms.anniversary_on, terms.subscribed_on) as bigint),
                model.years_since(
                    terms.anniversary_on,
                    greatest(
                        terms.subscribed_on,
                        terms.ends_on,
                        counted.last_counted_on,
                        announced.last_reached_from
                    )
                ) + 3
            )
        ) as years,
    from model.agreement_terms as terms
    left join counted on terms.customer_id = counted.customer_id
    left join announced on terms.agreement_id = announced.agreement_id
),

starts as (
    select
        y.agreement_id,
        model.period_start(y.subscribed_on, y.anniversary_on, y.years) as period_from,
    from years as y
)

select
    s.*,
    lead(s.period_from, 1, model.no_end())
        over (partition by s.agreement_id order by s.period_from)
        as period_until,
from starts as s
