-- One row per agreement and period, from the first to the one after the current: users, rate,
-- value, and why that rate. What a period that began rests on was known when it began; what a
-- coming one does is as known on the as-of date. missed_*: the version that would give the rate,
-- had none been announced too late (R6).
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
            when dated.is_coming then states.next_announced_on
            else states.announced_on
        end as announced_on,
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
    missed.announced_on as missed_announced_on,
    cast(missed.rate as decimal(18, 2)) as missed_rate,
    model.ore(periods.users_on_start * (missed.rate - periods.rate)) as missed_price_change,
    periods.product,
    periods.complexity,
    periods.counted_on,
    periods.step_users,
    periods.announced_on,
    periods.is_short,
    periods.subscribed_on,
from periods
left join model.price_rates as missed
    on periods.agreement_id = missed.agreement_id
    and missed.question = 'whenever'
    and missed.is_late
    and model.is_within(periods.period_start, missed.period_from, missed.period_until)
    and model.is_within(as_of, missed.known_from, missed.known_until)
    and model.is_within(
        coalesce(periods.users_on_start, model.no_users()), missed.users_from, missed.users_until
    )
    and model.is_other_price(
        periods.price_source, periods.price_version, missed.price_source, missed.price_version
    )
left join model.billed_steps as steps
    on periods.agreement_id = steps.agreement_id
    and periods.period_start = steps.period_start
    and model.is_within(least(periods.period_end, as_of), steps.counted_on, steps.next_counted_on)
order by periods.agreement_id, periods.period_number
