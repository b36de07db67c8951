-- One row per customer with an agreement in force that no notice ends, or that a successor follows
-- (R13): what its renewal risk is made of, as known on the day.
-- The weights are in risk.toml; a customer whose every agreement is ending has left, and is none of
-- these.
select
    s.customer_id,
    s.customer_name,
    s.account_manager,
    s.user_band,
    s.registered_users,
    model.ore(s.annual_value) as annual_value,
    s.renewal_on,
    s.days_to_termination,
    s.use_fall,
    s.tickets_half,
    s.tickets_half_before,
    s.silent_days,
    s.active_fall,
    s.active_users_before,
    s.licence_use,
    s.users_fall,
    s.users_before,
    s.access_down_tickets,
    s.waiting_tickets,
    s.meetings_missed,
    s.price_rise,
    s.notices_known,
    s.customer_days,
    s.tickets,
    s.tickets_before,
from model.customer_signs(as_of, customer_ids) as s
where s.going_on > 0
order by s.customer_id
