-- One row per agreement and span of as-of dates on which the same is known of it: users (R5), users
-- to invoice (R7), rate (R6) and price-notice state (R14) of its current period, and the rate of
-- the period that follows. An as-of date finds one row an agreement. next_full_* is what the rule
-- would give if no announcement known then were ever too late; next_step_* is the step of the
-- current price above today's users.
with prices as materialized (
    select p.* from model.span_prices as p
),

-- A version that will be announced later would decide the next period's rate.
planned as (
    select distinct
        spans.agreement_id,
        spans.known_from,
    from model.agreement_spans as spans
    inner join model.price_reach as versions
        on spans.agreement_id = versions.agreement_id
        and spans.known_from < versions.given_on
        and spans.renewal_on >= versions.valid_from
    inner join model.price_answers as coming
        on spans.agreement_id = coming.agreement_id
        and coming.question = 'in_time'
        and spans.renewal_on = coming.period_from
        and model.is_within(spans.known_from, coming.known_from, coming.known_until)
    where
        model.is_newer_price(
            versions.price_source, versions.valid_from, coming.price_source, coming.price_version
        )
)

select
    spans.agreement_id,
    spans.customer_id,
    spans.known_from,
    spans.known_until,
    spans.known_from >= spans.subscribed_on
    and (spans.ends_on is null or spans.known_from <= spans.ends_on) as is_in_force,
    -- where the rows of all periods that began are to be found: later ones are all like the last
    -- span
    spans.known_from = spans.period_start or spans.known_until = model.no_end() as begins_period,
    spans.counted_on,
    spans.users_counted_on,
    spans.users_on_start,
    case
        when spans.known_from > spans.ends_on then null
        when spans.users_on_start is not null
            then coalesce(steps.billed_users, spans.users_on_start)
    end as invoiced_users,
    case
        when spans.known_from > spans.ends_on then null
        else spans.current_users
    end as registered_users,
    spans.active_users,
    held.price_source,
    held.price_version,
    held.announced_on,
    held.step_users,
    held.rate,
    stepped.next_step_users,
    stepped.next_step_rate,
    coming.price_source as next_source,
    coming.price_version as next_version,
    coming.announced_on as next_announced_on,
    coming.rate as next_rate,
    coming.step_users as next_from_users,
    in_full.rate as next_full_rate,
    in_full.price_version as next_full_version,
    model.is_other_price(
        coming.price_source, coming.price_version, in_full.price_source, in_full.price_version
    ) as is_next_missed,
    model.price_notice_state(
        planned.agreement_id is not null,
        model.is_other_price(
            coming.price_source, coming.price_version, in_full.price_source, in_full.price_version
        ),
        model.is_other_price(
            held.price_source, held.price_version, coming.price_source, coming.price_version
        )
    ) as price_notice_state,
from model.agreement_spans as spans
inner join prices as held
    on spans.agreement_id = held.agreement_id
    and held.question = 'in_time'
    and spans.period_start = held.period_start
    and least(spans.announced_on, spans.period_start) = held.known_on
    and coalesce(spans.users_on_start, model.no_users()) = held.users
inner join prices as stepped
    on spans.agreement_id = stepped.agreement_id
    and stepped.question = 'in_time'
    and spans.period_start = stepped.period_start
    and least(spans.announced_on, spans.period_start) = stepped.known_on
    and coalesce(spans.current_users, model.no_users()) = stepped.users
inner join prices as coming
    on spans.agreement_id = coming.agreement_id
    and coming.question = 'in_time'
    and spans.renewal_on = coming.period_start
    and spans.announced_on = coming.known_on
    and coalesce(spans.current_users, model.no_users()) = coming.users
inner join prices as in_full
    on spans.agreement_id = in_full.agreement_id
    and in_full.question = 'whenever'
    and spans.renewal_on = in_full.period_start
    and spans.announced_on = in_full.known_on
    and coalesce(spans.current_users, model.no_users()) = in_full.users
left join model.billed_steps as steps
    on spans.agreement_id = steps.agreement_id
    and spans.period_start = steps.period_start
    and spans.counted_on = steps.counted_on
left join planned
    on spans.agreement_id = planned.agreement_id and spans.known_from = planned.known_from
