-- One row per agreement and period n that overlaps the span from first_day to last_day, with its dates and the state of
-- the price notice for the period after it (R14), as known on the as-of date. That of the current period is in
-- model.agreement_states too.
with periods as (
    select
        periods.*,
        held.price_source as held_source,
        held.price_version as held_version,
        coming.price_source as coming_source,
        coming.price_version as coming_version,
        whenever.price_source as full_source,
        whenever.price_version as full_version,
    from model.periods(as_of, customer_ids, first_day, last_day) as periods
    inner join model.price_answers as held
        on periods.agreement_id = held.agreement_id
        and held.question = 'in_time'
        and model.is_within(periods.period_start, held.period_from, held.period_until)
        and model.is_within(as_of, held.known_from, held.known_until)
    inner join model.price_answers as coming
        on periods.agreement_id = coming.agreement_id
        and coming.question = 'in_time'
        and model.is_within(periods.renewal_on, coming.period_from, coming.period_until)
        and model.is_within(as_of, coming.known_from, coming.known_until)
    inner join model.price_answers as whenever
        on periods.agreement_id = whenever.agreement_id
        and whenever.question = 'whenever'
        and model.is_within(periods.renewal_on, whenever.period_from, whenever.period_until)
        and model.is_within(as_of, whenever.known_from, whenever.known_until)
),

-- A planned version is the one thing seen before its day: the export gives the day on which it will be announced.
planned as (
    select distinct
        p.agreement_id,
        p.period_start,
    from periods as p
    inner join model.price_reach as v on p.agreement_id = v.agreement_id and p.renewal_on >= v.valid_from
    where
        v.given_on > as_of
        and model.is_newer_price(v.price_source, v.valid_from, p.coming_source, p.coming_version)
)

select
    periods.* exclude (held_source, held_version, coming_source, coming_version, full_source, full_version),
    model.price_notice_state(
        planned.agreement_id is not null,
        model.is_other_price(
            periods.coming_source, periods.coming_version, periods.full_source, periods.full_version
        ),
        model.is_other_price(
            periods.held_source, periods.held_version, periods.coming_source, periods.coming_version
        )
    ) as price_notice_state,
from periods
left join planned
    on periods.agreement_id = planned.agreement_id and periods.period_start = planned.period_start
