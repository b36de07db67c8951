-- One row per agreement and period, from the first to the one after the current: users, rate,
-- value, and why that rate. What a period that began rests on was known when it began; what a
-- coming one does is as known on the as-of date.
with dated as (
    select
        p.*,
        p.period_start > as_of and p.period_start > p.subscribed_on as is_coming,
    from model.periods(
        as_of, customer_ids, model.no_start(), cast(as_of + interval 1 year as date)
    ) as p
),

periods as (
    select
        dated.* exclude (is_coming, registered_users),  -- noqa: RF02
        case
            when dated.is_coming then states.registered_users
            else states.users_on_start
        end as users_on_start,
        case when dated.is_coming then states.counted_on else states.users_counted_on end
            as counted_on,
        case when dated.is_coming then states.next_source else states.price_source end
            as price_source,
        case
            when dated.is_coming then states.next_version
            else states.price_version
        end as price_version,
        case
            when dated.is_coming then states.next_from_users
            else states.step_users
        end as step_users,
        case when dated.is_coming then states.next_rate else states.rate end as rate,
    from dated
    inner join model.agreement_states as states
        on dated.agreement_id = states.agreement_id
        and model.is_within(least(dated.period_start, as_of), states.known_from, states.known_until)
    where states.begins_period or model.is_within(as_of, states.known_from, states.known_until)
),

-- The version that would give the rate, had none been announced too late.
missed as (
    select
        periods.agreement_id,
        periods.period_start,
        rates.price_source,
        rates.price_owner,
        rates.price_version,
        rates.rate,
    from periods
    inner join model.price_rates as rates
        on periods.agreement_id = rates.agreement_id
        and rates.question = 'whenever'
        and rates.is_late
        and model.is_within(periods.period_start, rates.period_from, rates.period_until)
        and model.is_within(as_of, rates.known_from, rates.known_until)
        and model.is_within(
            coalesce(periods.users_on_start, model.no_users()), rates.users_from, rates.users_until
        )
    where
        model.is_other_price(
            periods.price_source, periods.price_version, rates.price_source, rates.price_version
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
    case
        when periods.users_on_start is not null
            then coalesce(steps.billed_users, periods.users_on_start)
    end as invoiced_users,
    cast(periods.rate as decimal(18, 2)) as rate,
    model.ore(
        case
            when periods.users_on_start is not null
                then coalesce(steps.billed_users, periods.users_on_start)
        end
        * periods.rate
    ) as annual_value,
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
left join missed
    on periods.agreement_id = missed.agreement_id and periods.period_start = missed.period_start
left join model.billed_steps as steps
    on periods.agreement_id = steps.agreement_id
    and periods.period_start = steps.period_start
    and model.is_within(least(periods.period_end, as_of), steps.counted_on, steps.next_counted_on)
left join model.price_reach as versions
    on periods.agreement_id = versions.agreement_id
    and periods.price_source = versions.price_source
    and periods.price_version = versions.valid_from
left join model.price_reach as late
    on missed.agreement_id = late.agreement_id
    and missed.price_source = late.price_source
    and missed.price_version = late.valid_from
order by periods.agreement_id, periods.period_number
