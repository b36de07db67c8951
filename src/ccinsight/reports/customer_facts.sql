-- One row per customer with an agreement in force: the facts that the rules for new possibilities are written with (A3).
with signs as (
    select s.* from model.customer_signs(as_of, customer_ids) as s
),

-- What one more step of the price list is from here: the list that sets the agreement's price today.
steps as (
    select
        c.customer_id,
        case when s.next_min_users < 2147483647 then s.next_min_users - c.agreement_users end as users_to_next_step,
        case when s.next_min_users < 2147483647 then s.next_min_users end as next_step_users,
        n.price_per_user as next_step_rate,
    from signs as c
    inner join model.price_steps as s
        on c.price_source = s.price_source
        and case when c.price_source = 'direct' then c.agreement_id else c.product end = s.price_owner
        and c.price_version = s.valid_from
        and c.complexity = s.complexity
        and c.agreement_users >= s.min_users
        and c.agreement_users < s.next_min_users
    left join model.price_steps as n
        on s.price_source = n.price_source
        and s.price_owner = n.price_owner
        and s.valid_from = n.valid_from
        and s.complexity = n.complexity
        and s.next_min_users = n.min_users
)

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
    cast(p.users_to_next_step as integer) as users_to_next_step,
    cast(p.next_step_users as integer) as next_step_users,
    cast(p.next_step_rate as decimal(18, 2)) as next_step_rate
from signs as s
left join steps as p on s.customer_id = p.customer_id
order by s.customer_id
