-- One row per agreement and period n that overlaps the span from first_day to last_day, with its
-- dates and the state of the price notice for the period after it (R14), as known on the as-of
-- date. That of the current period is in model.agreement_states too.
with periods as materialized (
    select
        p.agreement_id,
        p.customer_id,
        p.customer_name,
        p.account_manager,
        p.state,
        p.ends_on,
        p.period_number,
        p.period_start,
        p.period_end,
        p.renewal_on,
        p.termination_deadline,
        p.price_notice_deadline,
    from model.periods(as_of, customer_ids, first_day, last_day) as p
),

-- The answers to R6 for a period and for the one after it, and whether a version was late for that
-- one. One join for all three: joined one by one, each reads all answers.
answers as (
    select
        periods.agreement_id,
        periods.period_start,
        periods.renewal_on,
        found.price_source,
        found.price_version,
        found.question = 'in_time'
        and model.is_within(periods.period_start, found.period_from, found.period_until) as is_held,
        found.question = 'in_time'
        and model.is_within(periods.renewal_on, found.period_from, found.period_until) as is_coming,
        found.question = 'whenever'
        and model.is_within(periods.renewal_on, found.period_from, found.period_until) as is_missed,
    from periods
    inner join model.price_answers as found
        on periods.agreement_id = found.agreement_id
        and periods.renewal_on >= found.period_from
        and periods.period_start < found.period_until
        and model.is_within(as_of, found.known_from, found.known_until)
    where found.question = 'in_time' or found.is_late
),

prices as (
    select
        a.agreement_id,
        a.period_start,
        a.renewal_on,
        any_value(a.price_source) filter (where a.is_held) as held_source,
        any_value(a.price_version) filter (where a.is_held) as held_version,
        any_value(a.price_source) filter (where a.is_coming) as coming_source,
        any_value(a.price_version) filter (where a.is_coming) as coming_version,
        bool_or(a.is_missed) as is_missed,
    from answers as a
    group by a.agreement_id, a.period_start, a.renewal_on
),

-- A planned version is the one thing seen before its day: the export gives the day on which it will
-- be announced.
planned as (
    select
        p.agreement_id,
        p.period_start,
    from prices as p
    inner join model.price_reach as v
        on p.agreement_id = v.agreement_id and p.renewal_on >= v.valid_from
    where
        v.given_on > as_of
        and model.is_newer_price(v.price_source, v.valid_from, p.coming_source, p.coming_version)
)

select
    periods.*,
    model.price_notice_state(
        (prices.agreement_id, prices.period_start) in (
            select (p.agreement_id, p.period_start) from planned as p
        ),
        prices.is_missed,
        model.is_other_price(
            prices.held_source, prices.held_version, prices.coming_source, prices.coming_version
        )
    ) as price_notice_state,
from periods
inner join prices
    on periods.agreement_id = prices.agreement_id and periods.period_start = prices.period_start
