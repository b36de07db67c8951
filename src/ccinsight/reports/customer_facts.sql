-- One row per customer with an agreement in force: the facts that the rules for new possibilities are written with (A3).
with signs as (
    select s.* from model.customer_signs(as_of, customer_ids) as s
),

calls as (
    select t.customer_id, t.contact_key, count(*) as tickets
    from model.ticket_facts as t
    where
        t.contact_key is not null
        and t.opened_at >= model.end_of_day(model.year_before(as_of))
        and t.opened_at < model.end_of_day(as_of)
        and (customer_ids is null or t.customer_id in (select unnest(customer_ids)))
    group by t.customer_id, t.contact_key
),

ranked_calls as (
    select
        c.*,
        row_number() over (partition by c.customer_id order by c.tickets desc, c.contact_key) as place,
    from calls as c
),

callers as (
    select
        c.customer_id,
        count(*) as contacts,
        cast(sum(c.tickets) filter (where c.place <= 2) as double) / sum(c.tickets) as top_two_share,
    from ranked_calls as c
    group by c.customer_id
),

-- What one more step of the price list is from here: the list that sets the agreement's price today.
steps as (
    select
        v.customer_id,
        case when s.next_min_users < 2147483647 then s.next_min_users - v.registered_users end as users_to_next_step,
        case when s.next_min_users < 2147483647 then s.next_min_users end as next_step_users,
        n.price_per_user as next_step_rate,
        v.rate,
    from model.agreement_values(as_of, customer_ids) as v
    inner join signs as c on v.agreement_id = c.agreement_id
    left join model.price_steps as s
        on v.price_source = s.price_source
        and case when v.price_source = 'direct' then v.agreement_id else v.product end = s.price_owner
        and v.price_version = s.valid_from
        and v.complexity = s.complexity
        and v.registered_users >= s.min_users
        and v.registered_users < s.next_min_users
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
    case when s.has_contacts then coalesce(l.contacts, 0) end as contacts,
    l.top_two_share,
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
    cast(p.rate as decimal(18, 2)) as rate,
    cast(p.users_to_next_step as integer) as users_to_next_step,
    cast(p.next_step_users as integer) as next_step_users,
    cast(p.next_step_rate as decimal(18, 2)) as next_step_rate
from signs as s
left join callers as l on s.customer_id = l.customer_id
left join steps as p on s.customer_id = p.customer_id
order by s.customer_id
