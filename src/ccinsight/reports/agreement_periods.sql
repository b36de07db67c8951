-- One row per agreement and period, from the first to the one after the current: users, rate, value, and why that rate.
-- What a period that began rests on was known when it began; what a coming one does is as known on the as-of date.
with periods as (
    select
        rated.*,
        case
            when rated.users_on_start is not null then coalesce(steps.billed_users, rated.users_on_start)
        end as invoiced_users,
    from model.rated_periods(
        as_of, customer_ids, date '1900-01-01', cast(as_of + interval 1 year as date)
    ) as rated
    left join model.billed_steps as steps
        on rated.agreement_id = steps.agreement_id
        and rated.period_start = steps.period_start
        and model.is_within(least(rated.period_end, as_of), steps.counted_on, steps.next_counted_on)
),

-- The version that would give the rate, had none been announced too late.
missed as (
    select
        periods.agreement_id,
        periods.period_start,
        whenever.price_source,
        whenever.price_owner,
        whenever.price_version,
        whenever.rate,
    from periods
    inner join model.price_rates as whenever
        on periods.agreement_id = whenever.agreement_id
        and whenever.question = 'whenever'
        and model.is_within(periods.period_start, whenever.period_from, whenever.period_until)
        and model.is_within(as_of, whenever.known_from, whenever.known_until)
        and model.is_within(
            coalesce(periods.users_on_start, model.no_users()), whenever.users_from, whenever.users_until
        )
    where
        model.is_other_price(
            periods.price_source, periods.price_version, whenever.price_source, whenever.price_version
        )
)

select
    periods.agreement_id,
    periods.customer_id,
    periods.period_number,
    periods.period_start,
    periods.period_end,
    periods.renewal_on,
    periods.termination_deadline,
    periods.price_notice_deadline,
    periods.users_on_start,
    periods.invoiced_users,
    cast(periods.rate as decimal(18, 2)) as rate,
    model.ore(periods.invoiced_users * periods.rate) as annual_value,
    periods.price_version,
    periods.price_source,
    periods.announce_by,
    missed.price_version as missed_version,
    late.announced_on as missed_announced_on,
    cast(missed.rate as decimal(18, 2)) as missed_rate,
    model.ore(periods.users_on_start * (missed.rate - periods.rate)) as missed_price_change,
    periods.product,
    periods.complexity,
    periods.counted_on,
    periods.step_users,
    versions.announced_on,
    periods.is_short,
    periods.subscribed_on,
from periods
left join missed on periods.agreement_id = missed.agreement_id and periods.period_start = missed.period_start
left join model.price_versions as versions
    on periods.price_source = versions.price_source
    and periods.price_owner = versions.price_owner
    and periods.price_version = versions.valid_from
left join model.price_versions as late
    on missed.price_source = late.price_source
    and missed.price_owner = late.price_owner
    and missed.price_version = late.valid_from
order by periods.agreement_id, periods.period_number
