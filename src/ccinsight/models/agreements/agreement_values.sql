-- One row per agreement: its period and state on the as-of date, users (R5), invoiced users (R7),
-- rate (R6) and value (R9). Of an upcoming agreement the users and the rate of its first period as
-- known now; of an ended one no users and no value.
select
    p.* exclude (registered_users),  -- noqa: RF02
    s.users_on_start,
    s.invoiced_users,
    s.registered_users,
    s.price_source,
    s.price_version,
    s.rate,
    s.next_step_users,
    s.next_step_rate,
    s.next_rate,
    s.next_full_rate,
    s.next_full_version,
    s.is_next_missed,
    s.price_notice_state,
    s.invoiced_users * s.rate as annual_value,
from model.periods(as_of, customer_ids, as_of, as_of) as p
inner join model.agreement_states as s
    on p.agreement_id = s.agreement_id and model.is_within(as_of, s.known_from, s.known_until)
