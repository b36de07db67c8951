-- One row per agreement and period begun from first_day to the as-of date: users on its start (R5)
-- and its rate (R6). Both were known when it began.
select
    p.agreement_id,
    p.customer_id,
    p.customer_name,
    p.account_manager,
    p.product,
    p.complexity,
    p.period_start,
    p.renewal_on,
    p.is_short,
    s.users_on_start,
    s.rate,
    s.price_source,
    s.price_version,
    s.step_users,
from model.periods(as_of, customer_ids, first_day, as_of) as p
inner join model.agreement_states as s
    on p.agreement_id = s.agreement_id
    and s.begins_period
    and p.period_start >= s.known_from
    and p.period_start < s.known_until
where
    p.period_start >= first_day
    and p.period_start <= as_of
    and (p.ends_on is null or p.period_start <= p.ends_on)
