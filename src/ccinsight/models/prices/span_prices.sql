-- One row per agreement, period, question, day of knowledge and number of users that
-- model.agreement_spans asks for: the price that R6 answers. A period that has begun asks for what
-- was known on its first day: later announcements don't reach it.
with asked as (
    select
        s.agreement_id,
        'in_time' as question,
        s.period_start,
        least(s.announced_on, s.period_start) as known_on,
        unnest(
            [
                coalesce(s.users_on_start, model.no_users()),
                coalesce(s.current_users, model.no_users())
            ]
        ) as users,
    from model.agreement_spans as s
    union all
    select
        s.agreement_id,
        unnest(['in_time', 'whenever']) as question,
        s.renewal_on as period_start,
        s.announced_on as known_on,
        coalesce(s.current_users, model.no_users()) as users,
    from model.agreement_spans as s
)

select
    asked.*,
    rates.price_source,
    rates.price_version,
    rates.announced_on,
    rates.rate,
    rates.step_users,
    rates.next_step_users,
    rates.next_step_rate,
from (select distinct a.* from asked as a) as asked
inner join model.price_rates as rates
    on asked.agreement_id = rates.agreement_id
    and asked.question = rates.question
    and asked.period_start = rates.period_from
    and model.is_within(asked.known_on, rates.known_from, rates.known_until)
    and model.is_within(asked.users, rates.users_from, rates.users_until)
