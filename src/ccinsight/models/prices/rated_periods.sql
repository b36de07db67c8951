-- One row per agreement and period of model.periods: users on its start (R5) and the rate that
-- reaches it (R6), as known on the as-of date. What a period that began rests on was known when it
-- began.
select
    periods.* exclude (registered_users),  -- noqa: RF02
    coalesce(counts.registered_users, periods.registered_users) as users_on_start,
    counts.counted_on,
    rates.price_source,
    rates.price_owner,
    rates.price_version,
    rates.step_users,
    rates.rate,
from model.periods(as_of, customer_ids, first_day, last_day) as periods
left join model.user_spans as counts
    on periods.customer_id = counts.customer_id
    and model.is_within(
        least(periods.period_start, as_of), counts.counted_on, counts.next_counted_on
    )
inner join model.price_rates as rates
    on periods.agreement_id = rates.agreement_id
    and rates.question = 'in_time'
    and model.is_within(periods.period_start, rates.period_from, rates.period_until)
    and model.is_within(as_of, rates.known_from, rates.known_until)
    and model.is_within(
        coalesce(counts.registered_users, periods.registered_users, model.no_users()),
        rates.users_from,
        rates.users_until
    )
