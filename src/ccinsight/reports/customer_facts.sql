-- One row per customer with an agreement in force: the facts that the rules for new possibilities are written with (A3).
select
    s.customer_id,
    s.customer_name,
    s.account_manager,
    s.user_band,
    s.registered_users,
    s.users_before,
    s.users_change,
    s.available_licences,
    s.active_users,
    s.active_users_before,
    s.licence_use,
    s.contacting_users,
    s.contact_rate,
    s.contacts,
    s.top_two_share,
    s.tickets,
    s.tickets_before,
    s.tickets_half,
    s.tickets_half_before,
    s.training_tickets,
    s.consulting_tickets,
    s.consulting_months,
    s.access_down_tickets,
    s.waiting_tickets,
    s.silent_days,
    s.has_it_operations,
    s.it_operations_tickets,
    s.is_partner_confirmed,
    s.customer_days,
    s.last_meeting_on,
    s.has_meeting,
    s.meetings_missed,
    s.courses_held,
    s.going_on,
    s.renewal_on,
    s.days_to_renewal,
    s.days_to_price_notice,
    s.days_to_termination,
    model.ore(s.annual_value) as annual_value,
    s.price_rise,
    cast(s.rate as decimal(18, 2)) as rate,
    cast(case when p.next_min_users < 2147483647 then p.next_min_users - s.agreement_users end as integer) as users_to_next_step,
    cast(case when p.next_min_users < 2147483647 then p.next_min_users end as integer) as next_step_users,
    cast(n.price_per_user as decimal(18, 2)) as next_step_rate
from model.customer_signs(as_of, customer_ids) as s
-- What one more step of the price list is from here: the list that sets the agreement's price today.
left join model.price_steps as p
    on s.price_source = p.price_source
    and case when s.price_source = 'direct' then s.agreement_id else s.product end = p.price_owner
    and s.price_version = p.valid_from
    and s.complexity = p.complexity
    and s.agreement_users >= p.min_users
    and s.agreement_users < p.next_min_users
left join model.price_steps as n
    on p.price_source = n.price_source
    and p.price_owner = n.price_owner
    and p.valid_from = n.valid_from
    and p.complexity = n.complexity
    and p.next_min_users = n.min_users
order by s.customer_id
